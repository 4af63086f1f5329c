INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, payload, content, rule_ids, state, audited_state
)
SELECT
    CAST(:load_id AS TEXT),
    {% include "loading/record_cells.sql" %},
    f.rule_ids,
    'open',
    'open'
FROM staged_rows AS r
INNER JOIN (
    {% include "loading/set_aside.sql" %}
) AS f ON r.row_number = f.row_number
