-- Rows that say what a rejected row says. What a row says is compared only where its key has a rejected row.
CREATE TEMPORARY TABLE refused AS
WITH
rejected AS (
    SELECT DISTINCT
        COALESCE(record_key, '') AS record_key,
        content
    FROM quarantine.record
    WHERE feed = '{{ feed }}' AND state = 'rejected'
),

suspected AS MATERIALIZED (
    SELECT *
    FROM staged_rows
    WHERE COALESCE("{{ key }}", '') IN (SELECT record_key FROM rejected)
)

SELECT r.row_number
FROM suspected AS r
INNER JOIN rejected AS j ON COALESCE(r."{{ key }}", '') = j.record_key AND j.content = {{ content }}
