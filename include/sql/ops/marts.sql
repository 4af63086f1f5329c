-- The marts that there are, whether or not this account may read them.
SELECT 'marts.' || tablename AS mart
FROM pg_catalog.pg_tables
WHERE schemaname = 'marts'
