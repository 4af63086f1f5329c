{% from 'monitor/judged.sql' import judged with context %}
-- Who answers for the living rules, how many of these have failing rows, and what waits for somebody,
-- also by a rule that is retired.
WITH
{{ judged() }}

SELECT
    c.owner,
    COUNT(*) FILTER (WHERE c.retired_version IS NULL) AS rules,
    COUNT(*) FILTER (WHERE c.retired_version IS NULL AND c.rows_failed > 0) AS failing,
    COUNT(*) FILTER (WHERE n.state = 'out') AS out,
    COUNT(*) FILTER (WHERE n.state = 'error') AS error,
    CAST(SUM(c.rows_open) AS BIGINT) AS rows_open
FROM marts.rule_catalogue AS c
LEFT JOIN night AS n ON c.rule_id = n.rule_id
GROUP BY c.owner
HAVING COUNT(*) FILTER (WHERE c.retired_version IS NULL) + SUM(c.rows_open) > 0
ORDER BY c.owner ASC
