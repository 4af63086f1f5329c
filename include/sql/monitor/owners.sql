{% from 'monitor/judged.sql' import judged with context %}
-- Who answers for the living rules, how many of these have failing rows, and what waits for somebody.
WITH
{{ judged() }}

SELECT
    c.owner,
    COUNT(*) AS rules,
    COUNT(*) FILTER (WHERE c.rows_failed > 0) AS failing,
    COUNT(*) FILTER (WHERE n.state = 'out') AS out,
    COUNT(*) FILTER (WHERE n.state = 'error') AS error,
    CAST(SUM(c.rows_open) AS BIGINT) AS rows_open
FROM marts.rule_catalogue AS c
LEFT JOIN night AS n ON c.rule_id = n.rule_id
WHERE c.retired_version IS NULL
GROUP BY c.owner
ORDER BY c.owner ASC
