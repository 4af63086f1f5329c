-- The rows of the analysis that a reader chose.
{% macro chosen() %}
endpoint = :endpoint
    AND rule = :rule
    AND criteria = :criteria
    AND entry = :entry
    AND stratification = :stratification
{%- endmacro %}
