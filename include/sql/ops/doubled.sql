-- The state of an alarm that is told again when a count doubles: the power of two that the count is below.
{% macro doubled(counted) -%}
    'below ' || CAST(CAST(POWER(2, FLOOR(LN({{ counted }}) / LN(2) + 0.000001) + 1) AS BIGINT) AS TEXT)
{%- endmacro %}
