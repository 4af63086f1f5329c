SELECT
    path,
    code,
    seen_at
FROM ops.not_pulled
