{% from 'monitor/chosen.sql' import chosen with context %}
-- Survival of each group at the months that the marts tell.
SELECT
    stratum,
    stratum_label,
    months,
    at_risk,
    survival,
    ci_low,
    ci_high
FROM marts.survival_at
WHERE
    {{ chosen() }}
    AND ci_method = :ci_method
ORDER BY stratum_order ASC, months ASC
