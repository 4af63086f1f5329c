-- Rows that a critical rule set aside, or a cell of theirs, and that nobody has decided yet: one rule in one night of a
-- site is one alarm. It is the same alarm until they grow by a digit. Of a content that was replaced, only what is open
-- counts.
WITH open_row AS (
    SELECT
        v.load_id,
        v.rule_id,
        COUNT(*) AS open_rows
    FROM ops.validation_result AS v
    INNER JOIN (
        SELECT
            load_id,
            rule_ids,
            state
        FROM quarantine.record
        UNION ALL
        SELECT
            load_id,
            rule_ids,
            state
        FROM quarantine.cell
    ) AS r ON v.load_id = r.load_id AND ',' || r.rule_ids || ',' LIKE '%,' || v.rule_id || ',%'
    WHERE v.severity = 'critical' AND v.rows_failed > 0 AND r.state = 'open'
    GROUP BY v.load_id, v.rule_id
),

night AS (
    SELECT
        l.site,
        l.source,
        l.feed,
        v.rule_id,
        l.batch_date,
        CAST(COALESCE(SUM(v.rows_failed) FILTER (WHERE s.load_id IS NOT NULL), 0) AS BIGINT) AS rows_failed,
        CAST(COALESCE(SUM(v.rows_checked) FILTER (WHERE s.load_id IS NOT NULL), 0) AS BIGINT) AS rows_checked,
        CAST(COALESCE(SUM(o.open_rows) FILTER (WHERE s.load_id IS NOT NULL), 0) AS BIGINT) AS open_rows,
        CAST(COALESCE(SUM(o.open_rows) FILTER (WHERE s.load_id IS NULL), 0) AS BIGINT) AS replaced_rows
    FROM ops.validation_result AS v
    INNER JOIN ops.load AS l ON v.load_id = l.load_id
    LEFT JOIN ops.standing_load AS s ON v.load_id = s.load_id
    LEFT JOIN open_row AS o ON v.load_id = o.load_id AND v.rule_id = o.rule_id
    WHERE l.state = 'loaded' AND v.severity = 'critical'
    GROUP BY l.site, l.source, l.feed, v.rule_id, l.batch_date
)

SELECT
    n.site,
    n.source,
    n.feed,
    n.rule_id AS subject,
    n.batch_date,
    'below 1e' || LENGTH(CAST(GREATEST(n.rows_failed, n.open_rows + n.replaced_rows) AS TEXT)) AS state,
    n.rows_failed,
    n.rows_checked,
    n.open_rows,
    n.replaced_rows,
    d.description
FROM night AS n
LEFT JOIN reference.rule AS d ON n.rule_id = d.rule_id
WHERE n.open_rows + n.replaced_rows > 0
ORDER BY n.rows_failed DESC, n.rule_id ASC, n.batch_date ASC, n.site ASC
