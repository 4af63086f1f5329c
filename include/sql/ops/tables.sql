SELECT
    table_schema || '.' || table_name AS table_name,
    description
FROM reference.data_dictionary
WHERE column_name = ''
ORDER BY
    CASE table_schema
        WHEN 'marts' THEN 1 WHEN 'derived' THEN 2 WHEN 'clinical' THEN 3 WHEN 'quarantine' THEN 4 WHEN 'ops' THEN 5
        ELSE 6
    END ASC,
    table_name ASC
