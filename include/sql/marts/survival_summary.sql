{% from 'marts/counted.sql' import curve with context %}
SELECT
    {{ curve() }},
    months,
    entered,
    events,
    censored,
    not_evaluable,
    imputed_times,
    horizon.value AS horizon_months
FROM derived.survival_count
INNER JOIN reference.setting AS horizon ON horizon.name = 'rmst_months'
WHERE estimate = 'survival'
