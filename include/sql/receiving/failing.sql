-- Makes: failing.
CREATE TEMPORARY TABLE failing (
    row_number BIGINT,
    rule_id TEXT,
    level TEXT,
    severity TEXT
)
