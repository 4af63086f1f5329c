-- Reads: staged, failing.
-- How many rows of each file fail a critical rule, whatever people have decided about them: a file says the same
-- before a decision and after it.
SELECT
    s.file_number,
    COUNT(DISTINCT s.row_number) AS failing
FROM failing AS f
INNER JOIN staged AS s ON f.row_number = s.row_number
WHERE f.severity = 'critical'
GROUP BY s.file_number
