SELECT
    table_schema || '.' || table_name AS table_name,
    column_name
FROM information_schema.columns
ORDER BY table_schema ASC, table_name ASC, ordinal_position ASC
