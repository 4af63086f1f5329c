INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, payload, content, state, audited_state, reason
)
SELECT
    CAST(:load_id AS TEXT),
    {% include "loading/record_cells.sql" %},
    'waiting',
    'waiting',
    'the clinic has not announced the patient yet'
FROM staged_rows AS r
INNER JOIN fate AS f ON r.row_number = f.row_number
WHERE f.fate = 'waiting'
