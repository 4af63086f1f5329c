{% macro imputed(name) %}
CASE r."{{ name }}_precision"
        WHEN 'month'
            THEN
                r."{{ name }}" - 1
                + CAST((SELECT s.value FROM reference.setting AS s WHERE s.name = 'imputed_day_of_month') AS INTEGER)
        WHEN 'year'
            THEN
                MAKE_DATE(
                    CAST(EXTRACT(YEAR FROM r."{{ name }}") AS INTEGER),
                    CAST((SELECT s.value FROM reference.setting AS s WHERE s.name = 'imputed_month_of_year') AS INTEGER),
                    1
                )
        ELSE r."{{ name }}"
    END
{%- endmacro %}
