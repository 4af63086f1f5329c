-- A condition for DuckDB, which reads all columns of all rows to find those of some patients in another table: their
-- list, where it is short, is compared before other columns are read. It is never alone: without a list all rows pass.
{% macro among_few() %}
(GETVARIABLE('few') IS NULL OR LIST_CONTAINS(GETVARIABLE('few'), patient_id))
{%- endmacro %}
