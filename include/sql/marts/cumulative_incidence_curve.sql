{% from 'marts/counted.sql' import counted, nobody with context %}
-- Every curve starts at time zero, whether or not anybody left on that day.
{{ counted('incidence') }}
UNION ALL
{{ nobody('incidence', 'CAST(0 AS DOUBLE PRECISION)') }}
