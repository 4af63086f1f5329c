-- Reads: failing, {{ table }}.
SELECT
    s.file_number,
    f.rule_id,
    COUNT(*) AS rows_failed
FROM failing AS f
INNER JOIN {{ table }} AS s ON f.row_number = s.row_number
GROUP BY s.file_number, f.rule_id
