SELECT
    fate,
    COUNT(*) AS row_count
FROM fate
GROUP BY fate
