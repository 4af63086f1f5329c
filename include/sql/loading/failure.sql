CREATE TEMPORARY TABLE failure (
    row_number BIGINT,
    rule_id TEXT,
    level TEXT
)
