CREATE TEMPORARY TABLE near_{{ name }} AS
{{ select }}
