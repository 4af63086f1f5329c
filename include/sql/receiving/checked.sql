-- Makes: checked.
CREATE TEMPORARY TABLE checked (
    file_number BIGINT,
    rule_id TEXT,
    rows_checked BIGINT
)
