SELECT
    table_schema,
    table_name,
    column_name,
    data_type,
    description,
    is_key
FROM reference.data_dictionary
