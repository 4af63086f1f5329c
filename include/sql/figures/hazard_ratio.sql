{% macro ratios(model, mart, patients, events, events_per_coefficient) %}
SELECT
    '{{ model }}' AS model,
    endpoint,
    rule,
    entry,
    stratification,
    stratum,
    reference,
    immortal_time,
    hazard_ratio,
    ci_low,
    ci_high,
    p_value,
    {{ patients }} AS patients,
    {{ events }} AS events,
    {{ events_per_coefficient }} AS events_per_coefficient,
    COALESCE(proportionality_p_value < setting.value, FALSE) AS is_not_proportional
FROM marts.{{ mart }}
INNER JOIN marts.setting AS setting ON setting.name = 'proportionality_p_below'
WHERE criteria IN ('none', 'mrecist')
{%- endmacro %}
-- Cox models of one stratification each, and the one of several factors together.
{{ ratios('one', 'hazard_ratio', 'CAST(NULL AS BIGINT)', 'CAST(NULL AS BIGINT)', 'CAST(NULL AS DOUBLE PRECISION)') }}
UNION ALL
{{ ratios('together', 'multivariable_hazard_ratio', 'patients', 'events', 'events_per_coefficient') }}
ORDER BY model ASC, stratification ASC, stratum ASC
