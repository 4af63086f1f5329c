-- Makes: judged.
CREATE TEMPORARY VIEW judged AS
SELECT *
FROM scope.{{ feed }}
