-- Makes: finding.
CREATE TEMPORARY TABLE finding (
    load_id TEXT,
    row_number BIGINT,
    rule_id TEXT,
    severity TEXT,
    feed TEXT
)
