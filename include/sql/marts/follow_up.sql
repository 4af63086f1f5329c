{% from 'marts/counted.sql' import curve with context %}
SELECT
    {{ curve() }},
    months,
    entered,
    events,
    censored,
    not_evaluable
FROM derived.survival_count
WHERE endpoint = 'os_treatment' AND rule = 'study' AND estimate = 'survival' AND stratification = 'all'
