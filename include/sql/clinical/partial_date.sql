-- The first and the last day that a date can be of which only month or year may be known.
{% macro earliest(alias, name) %}
CAST(DATE_TRUNC(COALESCE({{ alias }}.{{ name }}_precision, 'day'), {{ alias }}.{{ name }}) AS DATE)
{%- endmacro %}
{% macro latest(alias, name) %}
CASE {{ alias }}.{{ name }}_precision
        WHEN 'month'
            THEN CAST(DATE_TRUNC('month', {{ alias }}.{{ name }}) + INTERVAL '1 month' - INTERVAL '1 day' AS DATE)
        WHEN 'year'
            THEN CAST(DATE_TRUNC('year', {{ alias }}.{{ name }}) + INTERVAL '1 year' - INTERVAL '1 day' AS DATE)
        ELSE {{ alias }}.{{ name }}
    END
{%- endmacro %}
