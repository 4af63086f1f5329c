-- Rows that say what a rejected row says. What a row says is computed only where its key has a rejected row: each step is
-- done before the next, or the planner may compute it for all.
CREATE TEMPORARY TABLE refused AS
WITH
rejected AS (
    SELECT
        COALESCE(record_key, '') AS record_key,
        content
    FROM quarantine.record
    WHERE feed = '{{ feed }}' AND state = 'rejected'
),

suspected AS MATERIALIZED (
    SELECT s.row_number
    FROM staged_rows AS s
    WHERE COALESCE(s."{{ key }}", '') IN (SELECT j.record_key FROM rejected AS j)
),

said AS MATERIALIZED (
    SELECT
        r.row_number,
        {{ content }} AS content
    FROM staged_rows AS r
    WHERE r.row_number IN (SELECT s.row_number FROM suspected AS s)
)

SELECT row_number
FROM said
WHERE content IN (SELECT j.content FROM rejected AS j)
