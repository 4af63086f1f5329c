SELECT DISTINCT site
FROM marts.column_distribution
WHERE site <> ''
ORDER BY site ASC
