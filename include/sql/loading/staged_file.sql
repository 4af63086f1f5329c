CREATE TEMPORARY TABLE staged_file (
    row_count BIGINT,
    missing_columns BIGINT,
    unknown_columns BIGINT,
    repeated_columns BIGINT,
    unreadable_rows BIGINT
)
