-- The order that `sort` names: as it is first shown, and turned with a minus before the name.
{% macro by(name, expression, direction) %}
CASE WHEN CAST(:sort AS TEXT) = '{{ name }}' THEN {{ expression }} END {{ direction }} NULLS LAST,
    CASE WHEN CAST(:sort AS TEXT) = '-{{ name }}' THEN {{ expression }} END
    {{ 'ASC' if direction == 'DESC' else 'DESC' }} NULLS LAST
{%- endmacro %}
