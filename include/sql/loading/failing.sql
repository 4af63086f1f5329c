CREATE TEMPORARY TABLE failing (
    row_number BIGINT,
    rule_id TEXT,
    level TEXT,
    severity TEXT,
    is_overridden BOOLEAN,
    override_id TEXT
)
