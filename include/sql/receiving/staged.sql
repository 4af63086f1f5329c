{% from 'reference/unit_factor.sql' import unit_factor with context %}
{% from 'clinical/partial_date.sql' import latest with context %}
-- Reads: staged_rows, batch_file. Makes: staged.
-- The rows as rules judge them by themselves: what the record knows of patient and key is not looked at yet.
CREATE TEMPORARY TABLE staged AS
SELECT
    r.row_number,
    r.file_row_number,
    r.file_number,
    {{ f.columns('r') }},
{% for name in f.typed %}
    r."{{ name }}_text",
    CASE WHEN r."{{ name }}_text" IS NOT NULL THEN r."{{ name }}" IS NOT NULL END AS "{{ name }}_readable",
{% endfor %}
{% for name in f.contract.partial %}
    {{ latest('r', name) }} AS "{{ name }}_latest",
{% endfor %}
{% for name in f.measured %}
    CASE WHEN r."{{ name }}" IS NOT NULL THEN r."{{ name }}_number" IS NOT NULL END AS "{{ name }}_readable",
{% endfor %}
{% if f.measured %}
    c.analyte,
    c.loinc IS NOT NULL AS code_known,
    u.factor AS unit_factor,
{% endif %}
    b.batch_date
FROM staged_rows AS r
INNER JOIN batch_file AS b ON r.file_number = b.file_number AND b.is_received
{% if f.measured %}
LEFT JOIN reference.analyte_code AS c ON r.test_code = c.loinc
LEFT JOIN ({{ unit_factor('staged_rows') }}) AS u ON c.analyte = u.analyte AND r.unit = u.spelling
{% endif %}
