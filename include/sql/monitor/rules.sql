{% from 'monitor/judged.sql' import judged with context %}
{% from 'monitor/sorted.sql' import by with context %}
-- Every living rule with what it said lately, and in the latest night of its feed; the worst first.
WITH
{{ judged() }},

ranked AS (
    SELECT
        c.*,
        n.threshold_percent,
        COALESCE(n.state, 'none') AS state,
        CASE n.state WHEN 'error' THEN 100 WHEN 'out' THEN 200 ELSE 300 END
        + CASE WHEN c.rows_failed > 0 THEN 10 ELSE 20 END
        + CASE c.severity WHEN 'critical' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END AS place
    FROM marts.rule_catalogue AS c
    LEFT JOIN night AS n ON c.rule_id = n.rule_id
    WHERE c.retired_version IS NULL
)

SELECT
    c.rule_id,
    c.feed,
    c.severity,
    c.description,
    c.rows_checked,
    c.rows_failed,
    c.rows_open,
    c.percent,
    c.last_failed_on,
    c.threshold_percent,
    c.state,
    COUNT(*) OVER () AS total
FROM ranked AS c
WHERE
    (CAST(:feed AS TEXT) IS NULL OR c.feed = :feed)
    AND (CAST(:owner AS TEXT) IS NULL OR c.owner = :owner)
    AND (CAST(:category AS TEXT) IS NULL OR c.category = :category)
    AND (CAST(:severity AS TEXT) IS NULL OR c.severity = :severity)
    AND (CAST(:state AS TEXT) IS NULL OR c.state = :state)
ORDER BY
    {{ by('percent', 'c.percent', 'DESC') }},
    {{ by('failed', 'c.rows_failed', 'DESC') }},
    {{ by('open', 'c.rows_open', 'DESC') }},
    {{ by('checked', 'c.rows_checked', 'DESC') }},
    {{ by('rule', 'c.rule_id', 'ASC') }},
    {{ by('state', 'c.place', 'ASC') }},
    c.place ASC,
    c.percent DESC NULLS LAST,
    c.rule_id ASC
LIMIT :most OFFSET :skipped
