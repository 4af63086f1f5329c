-- Makes: batch_file.
CREATE TEMPORARY TABLE batch_file (
    file_number BIGINT,
    load_id TEXT,
    reading BIGINT,
    batch_date DATE,
    is_received BOOLEAN,
    row_number BIGINT,
    row_count BIGINT,
    missing_columns BIGINT,
    unknown_columns BIGINT,
    repeated_columns BIGINT,
    unreadable_rows BIGINT
)
