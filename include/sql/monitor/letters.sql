{% from 'decisions/selected.sql' import aside with context %}
-- The departments with open rows, and how many each has.
SELECT
    COALESCE(f.site, '') AS site,
    a.source,
    COUNT(DISTINCT a.load_id || ' ' || CAST(a.row_number AS TEXT)) AS row_count
FROM (
    {{ aside() }}
) AS a
INNER JOIN received.file AS f ON a.load_id = f.load_id
WHERE a.state = 'open' AND (CAST(:site AS TEXT) IS NULL OR f.site = :site)
GROUP BY COALESCE(f.site, ''), a.source
ORDER BY site ASC, a.source ASC
