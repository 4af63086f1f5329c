{% from 'disclosure/told.sql' import told with context %}
{% from 'disclosure/indicator.sql' import value, meets_target with context %}
-- A mart's rows as they leave the house. Reads: mart.
WITH mart AS (
{{ select }}
),

counted AS (
    SELECT
{% for name in columns %}
{% if kinds.get(name) in ("persons", "group") %}
        NULLIF({{ told('CAST("' ~ name ~ '" AS BIGINT)', limit) }}, 0) AS "{{ name }}"
{%- elif kinds.get(name) == "rest" %}
        {{ told('CAST("' ~ name ~ '" AS BIGINT)', limit) }} AS "{{ name }}"
{%- else %}
        "{{ name }}"
{%- endif %}
{{ "," if not loop.last }}
{% endfor %}
    FROM mart
)

SELECT
{% for name in columns %}
{% if kinds.get(name) == "percent" %}
    CASE WHEN "{{ name }}" IS NOT NULL THEN CAST(100 AS DOUBLE PRECISION) * {{ made_of[name][0] }} / {{ made_of[name][1] }} END
{%- elif kinds.get(name) == "indicator" %}
    {{ value(made_of[name][0], made_of[name][1]) }}
{%- elif kinds.get(name) == "target" %}
    {{ meets_target(made_of[name][0], made_of[name][1], limit) }}
{%- elif kinds.get(name) == "estimate" %}
    CASE
        WHEN {{ made_of[name][0] }} IS NULL THEN NULL
        WHEN "{{ name }}" = 0 THEN 0
        ELSE
            CAST(ROUND(CAST("{{ name }}" / POWER(10, FLOOR(LOG10(ABS("{{ name }}"))) - 1) AS DECIMAL(18, 9)), 0) AS DOUBLE PRECISION)
            * POWER(CAST(10 AS DOUBLE PRECISION), FLOOR(LOG10(ABS("{{ name }}"))) - 1)
    END
{%- elif kinds.get(name) == "single" %}
    CAST(NULL AS DOUBLE PRECISION)
{%- else %}
    "{{ name }}"
{%- endif %}
 AS "{{ name }}"{{ "," if not loop.last }}
{% endfor %}
FROM counted
WHERE TRUE
{% for name in columns if kinds.get(name) == "group" %}
    AND "{{ name }}" IS NOT NULL
{% endfor %}
{% for name in columns if kinds.get(name) == "sum" %}
    AND (stratification = 'all' OR "{{ name }}" NOT IN ('{{ made_of[name] | join("', '") }}'))
{% endfor %}
{% for name in columns if kinds.get(name) == "rest" %}
    AND (months IS NOT NULL OR "{{ name }}" > 0)
{% endfor %}
