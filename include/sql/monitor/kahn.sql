{% from 'monitor/judged.sql' import judged with context %}
-- The living rules by what they check and against what (Kahn 2016), with what they said in their latest night.
WITH
{{ judged() }}

SELECT
    c.category,
    c.context,
    COUNT(*) AS rules,
    COUNT(*) FILTER (WHERE n.state = 'in_order') AS in_order,
    COUNT(*) FILTER (WHERE n.state = 'fails') AS fails,
    COUNT(*) FILTER (WHERE n.state = 'out') AS out,
    COUNT(*) FILTER (WHERE n.state = 'error') AS error,
    COUNT(*) FILTER (WHERE COALESCE(n.state, 'none') = 'none') AS none,
    CAST(100 AS DOUBLE PRECISION) * COUNT(*) FILTER (WHERE n.state = 'in_order')
    / NULLIF(COUNT(*) FILTER (WHERE COALESCE(n.state, 'none') <> 'none'), 0) AS percent
FROM marts.rule_catalogue AS c
LEFT JOIN night AS n ON c.rule_id = n.rule_id
WHERE c.retired_version IS NULL
GROUP BY c.category, c.context
ORDER BY c.category ASC, c.context ASC
