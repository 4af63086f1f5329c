SELECT
    table_schema,
    table_name,
    column_name,
    data_type,
    description
FROM reference.data_dictionary
