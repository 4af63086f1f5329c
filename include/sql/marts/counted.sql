-- What curves are made of: patients who enter or leave on each day, and rows of nobody that ask for a curve at a time.
-- Whoever has no time is in the rows of incidence, and has no months there.
{% macro curve() %}
endpoint,
    rule,
    criteria,
    entry,
    stratification,
    stratum,
    immortal_time
{%- endmacro %}
{% macro counted(estimate, also='') %}
SELECT
    {{ curve() }},
    months,
    entered,
    events,
    censored{% if estimate == 'incidence' %},
    cause,
    not_evaluable,
    imputed_times{% endif %}{{ also }}

FROM derived.survival_count
WHERE estimate = '{{ estimate }}'{% if estimate == 'survival' %} AND months IS NOT NULL{% endif %}
{%- endmacro %}
{% macro nobody(estimate, months, also='') %}
SELECT
    {{ curve() }},
    {{ months }} AS months,
    CAST(0 AS BIGINT) AS entered,
    CAST(0 AS BIGINT) AS events,
    CAST(0 AS BIGINT) AS censored{% if estimate == 'incidence' %},
    'none' AS cause,
    CAST(0 AS BIGINT) AS not_evaluable,
    CAST(0 AS BIGINT) AS imputed_times{% endif %}{{ also }}

FROM (
    SELECT DISTINCT
    {{ curve() }}
    FROM derived.survival_count
    WHERE estimate = '{{ estimate }}' AND months IS NOT NULL
) AS curve
{%- endmacro %}
