-- The marts that there are, whether or not this account may read them; those of a freeze are views of its files.
SELECT 'marts.' || tablename AS mart
FROM pg_catalog.pg_tables
WHERE schemaname = 'marts'
UNION ALL
SELECT 'marts.' || viewname AS mart
FROM pg_catalog.pg_views
WHERE schemaname = 'marts'
