{% from 'monitor/chosen.sql' import chosen with context %}
-- The steps of an analysis's curves.
SELECT
    stratum,
    stratum_label,
    time_months,
    at_risk,
    events,
    censored,
    survival,
    ci_low,
    ci_high
FROM marts.survival_curve
WHERE
    {{ chosen() }}
    AND ci_method = :ci_method
ORDER BY stratum_order ASC, time_months ASC
