-- Makes: refused_merge.
CREATE TEMPORARY TABLE refused_merge (
    load_id TEXT,
    row_number BIGINT,
    reading BIGINT,
    problem TEXT
)
