SELECT
    t.table_name,
    v.table_name IS NOT NULL AS is_view
FROM information_schema.tables AS t
LEFT JOIN information_schema.views AS v ON t.table_schema = v.table_schema AND t.table_name = v.table_name
WHERE t.table_schema LIKE 'pg_temp%' OR t.table_catalog = 'temp'
