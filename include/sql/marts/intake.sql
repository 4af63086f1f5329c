-- What came and what was not understood. A file that was replaced counts once; which rules tell of what is data.
WITH
told AS (
    SELECT DISTINCT
        r.rule_id,
        p.counted_as
    FROM reference.rule AS r
    INNER JOIN reference.intake_rule AS p ON r.rule_id LIKE p.rule_pattern
),

found AS (
    SELECT
        v.site,
        v.source,
        v.feed,
        v.batch_date,
        SUM(v.rows_failed) FILTER (WHERE t.counted_as = 'unmapped_code') AS unmapped_codes,
        SUM(v.rows_failed) FILTER (WHERE t.counted_as = 'unmapped_unit') AS unmapped_units,
        SUM(v.rows_failed) FILTER (WHERE t.counted_as = 'moved_key') AS moved_keys
    FROM marts.validation_summary AS v
    INNER JOIN told AS t ON v.rule_id = t.rule_id
    GROUP BY v.site, v.source, v.feed, v.batch_date
)

SELECT
    l.site,
    l.source,
    l.feed,
    l.batch_date,
    COUNT(*) AS files,
    CAST(COALESCE(SUM(l.rows_received), 0) AS BIGINT) AS rows,
    CAST(COALESCE(SUM(l.rows_left_out), 0) AS BIGINT) AS left_out,
    CAST(COALESCE(MAX(f.unmapped_codes), 0) AS BIGINT) AS unmapped_codes,
    CAST(COALESCE(MAX(f.unmapped_units), 0) AS BIGINT) AS unmapped_units,
    CAST(COALESCE(MAX(f.moved_keys), 0) AS BIGINT) AS moved_keys,
    CAST(COALESCE(SUM(l.rows_waiting) FILTER (WHERE l.state = 'loaded'), 0) AS BIGINT) AS waiting
FROM ops.standing_load AS l
LEFT JOIN found AS f
    ON l.site = f.site AND l.source = f.source AND l.feed = f.feed AND l.batch_date = f.batch_date
GROUP BY l.site, l.source, l.feed, l.batch_date
