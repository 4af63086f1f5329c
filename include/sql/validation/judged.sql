-- Makes: judged.
CREATE TEMPORARY VIEW judged AS
SELECT *
FROM scope.{{ feed }}
{% if without_rows %}
WHERE FALSE
{% endif %}
