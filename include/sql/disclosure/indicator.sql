{% macro value(part, whole) -%}
CASE WHEN unit = '/1000' THEN CAST(1000 AS DOUBLE PRECISION) ELSE CAST(100 AS DOUBLE PRECISION) END * {{ part }} / NULLIF({{ whole }}, 0)
{%- endmacro %}
{% macro meets_target(part, whole, limit) -%}
{% set lowest = value("COALESCE(" ~ part ~ ", 0)", "(" ~ whole ~ " + " ~ (limit - 1) ~ ")") %}
{% set highest = value("LEAST(COALESCE(" ~ part ~ " + " ~ (limit - 1) ~ ", " ~ limit ~ "), " ~ whole ~ ")", whole) %}
CASE
    WHEN COALESCE(target_low, target_high) IS NULL THEN NULL
    WHEN {{ lowest }} >= COALESCE(target_low, 0) AND {{ highest }} <= COALESCE(target_high, 1000) THEN TRUE
    WHEN {{ highest }} < target_low OR {{ lowest }} > target_high THEN FALSE
END
{%- endmacro %}
