-- Whether a lesion is one of the liver: one of which no organ is told, and that is no lymph node, is.
{% macro is_of_liver(lesion) %}
COALESCE({{ lesion }}.organ, 'liver') = 'liver' AND COALESCE({{ lesion }}.lymph_node <> 'yes', TRUE)
{%- endmacro %}
