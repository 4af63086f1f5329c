{% from 'monitor/chosen.sql' import chosen with context %}
-- Each group's hazard beside the reference's.
SELECT
    stratum,
    stratum_label,
    reference,
    immortal_time,
    hazard_ratio,
    ci_low,
    ci_high,
    p_value,
    COALESCE(proportionality_p_value < setting.value, FALSE) AS is_not_proportional
FROM marts.hazard_ratio
INNER JOIN marts.setting AS setting ON setting.name = 'proportionality_p_below'
WHERE {{ chosen() }}
ORDER BY stratum_order ASC
