INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, rule_ids, payload, content, state, audited_state
)
SELECT
    CAST(:load_id AS TEXT),
    '{{ source }}',
    '{{ feed }}',
    r.row_number,
    r."{{ key }}",
    r.patient_id,
    f.rule_ids,
    CAST({{ json_object }}({{ payload }}) AS TEXT),
    {{ content }},
    'open',
    'open'
FROM staged_rows AS r
INNER JOIN (
    {% include "loading/set_aside.sql" %}
) AS f ON r.row_number = f.row_number
