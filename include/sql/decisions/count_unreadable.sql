-- Reads: chosen_failure.
-- The chosen rows of which nothing is set aside but cells that cannot be read.
SELECT COUNT(*)
FROM (
    SELECT
        load_id,
        row_number
    FROM chosen_failure
    WHERE decision_id IS NULL
    GROUP BY load_id, row_number
    HAVING COUNT(*) = COUNT(*) FILTER (WHERE level = 'cell' AND rule_id LIKE '%.unreadable')
) AS unreadable
