{% from 'marts/counted.sql' import counted, nobody with context %}
-- A time point is a day on which nobody leaves: the curve is asked there and not changed.
{{ counted('survival', ', FALSE AS asked') }}
UNION ALL
{{ nobody('survival', 'point.months', ', TRUE AS asked') }}
CROSS JOIN reference.survival_month AS point
