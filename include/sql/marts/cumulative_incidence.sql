{% from 'marts/counted.sql' import counted, nobody with context %}
-- A time point is a day on which nobody leaves: the curve is asked there and not changed.
{{ counted('incidence', ', FALSE AS asked') }}
UNION ALL
{{ nobody('incidence', 'point.months', ', TRUE AS asked') }}
CROSS JOIN reference.survival_month AS point
