-- Reads: {{ table }}. Makes: first_rows.
-- Enough for Great Expectations to say how each rule is asked; any rows will do.
CREATE TEMPORARY TABLE first_rows AS
SELECT *
FROM {{ table }}
LIMIT 10000 -- noqa: AM09
