-- Reads: staged, batch_file, failing.
{% set hash_of = f.value_hash %}
INSERT INTO received.failure (
    load_id, reading, row_number, feed, rule_id, severity, level, record_key, patient_id, value_hash
)
SELECT
    b.load_id,
    b.reading,
    s.file_row_number,
    '{{ f.name }}' AS feed,
    f.rule_id,
    f.severity,
    f.level,
    s.{{ f.key }} AS record_key,
    {{ f.patient('s') }} AS patient_id,
    {% include "receiving/value_hash.sql" %} AS value_hash
FROM failing AS f
INNER JOIN staged AS s ON f.row_number = s.row_number
INNER JOIN batch_file AS b ON s.file_number = b.file_number
