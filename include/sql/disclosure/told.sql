{% macro told(persons, limit) -%}
CASE WHEN {{ persons }} > {{ limit }} THEN CAST({{ persons }} - MOD({{ persons }}, {{ limit }}) AS BIGINT) ELSE 0 END
{%- endmacro %}
