{% from 'reference/unit_factor.sql' import unit_factor with context %}
CREATE TEMPORARY TABLE staged AS
SELECT
    r.row_number,
    {{ of('r') }},
{% for name in typed %}
    CASE WHEN r."{{ name }}_text" IS NOT NULL THEN r."{{ name }}" IS NOT NULL END AS "{{ name }}_readable",
{% endfor %}
{% for name in measured %}
    CASE WHEN r."{{ name }}" IS NOT NULL THEN r."{{ name }}_number" IS NOT NULL END AS "{{ name }}_readable",
{% endfor %}
{% if measured %}
    c.analyte,
    c.loinc IS NOT NULL AS code_known,
    u.factor AS unit_factor,
{% endif %}
    {% if batch_date %}CAST('{{ batch_date }}' AS DATE){% else %}r.batch_date{% endif %} AS batch_date,
    {% if announces %}TRUE{% else %}l.patient_id IS NOT NULL{% endif %} AS is_announced,
    {% if not announces %}
    {% if batch_date %}CAST(NULL AS BOOLEAN){% else %}o.is_moved{% endif %} AS is_moved,
    {% endif %}
    l.birth_date AS patient_birth_date,
    l.death_date AS patient_death_date
FROM staged_rows AS r
LEFT JOIN clinical.lifespan AS l ON r.patient_id = l.patient_id
{% if not announces and not batch_date %}
LEFT JOIN owned AS o ON r.version_load_id = o.load_id AND r.version_row_number = o.row_number
{% endif %}
{% if measured %}
LEFT JOIN reference.analyte_code AS c ON r.test_code = c.loinc
LEFT JOIN ({{ unit_factor('staged_rows') }}) AS u ON c.analyte = u.analyte AND r.unit = u.spelling
{% endif %}
