{% from 'monitor/judged.sql' import judged with context %}
-- Every living rule with what it said lately, and in the latest night of its feed; the worst first.
WITH
{{ judged() }}

SELECT
    c.rule_id,
    c.feed,
    c.severity,
    c.description,
    c.rows_checked,
    c.rows_failed,
    c.percent,
    c.last_failed_on,
    n.threshold_percent,
    COALESCE(n.state, 'none') AS state,
    COUNT(*) OVER () AS total
FROM marts.rule_catalogue AS c
LEFT JOIN night AS n ON c.rule_id = n.rule_id
WHERE
    c.retired_version IS NULL
    AND (CAST(:feed AS TEXT) IS NULL OR c.feed = :feed)
    AND (CAST(:category AS TEXT) IS NULL OR c.category = :category)
    AND (CAST(:severity AS TEXT) IS NULL OR c.severity = :severity)
    AND (CAST(:state AS TEXT) IS NULL OR COALESCE(n.state, 'none') = :state)
ORDER BY
    CASE CAST(:sort AS TEXT) WHEN 'percent' THEN c.percent END DESC NULLS LAST,
    CASE CAST(:sort AS TEXT) WHEN 'failed' THEN c.rows_failed WHEN 'checked' THEN c.rows_checked END DESC NULLS LAST,
    CASE CAST(:sort AS TEXT) WHEN 'rule' THEN c.rule_id END ASC NULLS LAST,
    CASE n.state WHEN 'error' THEN 1 WHEN 'out' THEN 2 ELSE 3 END ASC,
    CASE WHEN c.rows_failed > 0 THEN 1 ELSE 2 END ASC,
    CASE c.severity WHEN 'critical' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END ASC,
    c.percent DESC NULLS LAST,
    c.rule_id ASC
LIMIT :most OFFSET :skipped
