SELECT DISTINCT site
FROM received.file
WHERE site <> ''
ORDER BY site ASC
