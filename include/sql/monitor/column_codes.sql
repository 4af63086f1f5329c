-- Which codes or analytes a column of a site had in any month.
SELECT DISTINCT code
FROM marts.column_distribution
WHERE site = :site AND feed = :feed AND column_name = :column_name AND code <> ''
ORDER BY code ASC
