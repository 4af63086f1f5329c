-- Makes: judged.
CREATE TEMPORARY VIEW judged AS
SELECT *
FROM {{ rows }}
{% if without_rows %}
WHERE FALSE
{% endif %}
