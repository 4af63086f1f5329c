{% from 'monitor/chosen.sql' import chosen with context %}
-- The log-rank test between the groups.
SELECT
    groups,
    statistic,
    df,
    p_value,
    immortal_time
FROM marts.survival_comparison
WHERE {{ chosen() }}
ORDER BY stratification ASC
