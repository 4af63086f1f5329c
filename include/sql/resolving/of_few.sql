{#- The rows of few files by their names: PostgreSQL takes any other file for as large as those that it knows. -#}
{% macro of_few(loads, alias) %}
{% if loads %} AND {{ alias }}.load_id IN ('{{ loads | join("', '") }}'){% endif %}
{% endmacro %}
