{% from 'ops/counted.sql' import event_day with context %}
-- Reads: fate.
-- A row that is the only version of its key, and current, needs no entry.
INSERT INTO resolved.fate (
    feed, load_id, row_number, reading, record_key, patient_id, fate, version_state, last_load_id, last_row_number,
    state, rule_ids, reason, decided_by, decided_at, content, payload, cells_aside,
    is_cancelled, event_date, items, items_held
)
SELECT
    '{{ f.name }}' AS feed,
    t.load_id,
    t.row_number,
    t.reading,
    t.record_key,
    t.patient_id,
    t.fate,
    t.version_state,
    t.last_load_id,
    t.last_row_number,
    t.state,
    t.rule_ids,
    CASE
        WHEN t.state = 'corrected' THEN 'a later valid version arrived'
        WHEN t.state IS NOT NULL THEN e.reason
    END AS reason,
    CASE WHEN t.state = 'corrected' THEN 'registry' WHEN t.state IS NOT NULL THEN e.decided_by END AS decided_by,
    CASE WHEN t.state <> 'corrected' THEN e.decided_at END AS decided_at,
    CASE WHEN t.state IS NOT NULL THEN t.content END AS content,
    CASE WHEN t.state IS NOT NULL THEN {{ f.stored_payload('r') }} END AS payload,
    t.cells_aside,
    r.status = 'cancelled' AS is_cancelled,
    {{ event_day(f.contract, "r.") }} AS event_date,
    {{ f.items('r') }} AS items,
    {{ f.items('r', cells, 't.cells_aside') }} AS items_held
FROM fate AS t
LEFT JOIN decision.event AS e ON t.decision_id = e.decision_id
LEFT JOIN received.{{ f.name }} AS r
    ON t.load_id = r.load_id AND t.row_number = r.row_number AND t.reading = r.reading
WHERE
    t.fate <> 'loaded'
    OR t.version_state <> 'current'
    OR t.last_load_id IS NOT NULL
    OR t.state IS NOT NULL
    OR t.cells_aside IS NOT NULL
