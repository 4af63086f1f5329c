-- Reads: failed, fate, standing.
-- A cell is corrected when its row is no longer current and a later valid version has a good one.
INSERT INTO resolved.cell (
    feed, load_id, row_number, reading, column_name, record_key, patient_id, rule_ids, is_aside, state, reason,
    decided_by, decided_at, content, payload
)
WITH
told AS (
    SELECT
        load_id,
        row_number,
        reading,
        cell,
        STRING_AGG(CASE WHEN decision_id IS NULL THEN rule_id END, ',' ORDER BY rule_id ASC) AS open_ids,
        STRING_AGG(rule_id, ',' ORDER BY rule_id ASC) AS rule_ids,
        MAX(decision_id) AS overridden_by
    FROM failed
    WHERE cell IS NOT NULL
    GROUP BY load_id, row_number, reading, cell
),

placed AS (
    SELECT
        m.*,
        s.key_text,
        s.place,
        s.rejected_by,
        s.reopened_by
    FROM told AS m
    INNER JOIN standing AS s ON m.load_id = s.load_id AND m.row_number = s.row_number AND m.reading = s.reading
),

good AS (
    SELECT
        p.key_text,
        p.cell,
        MAX(s.place) AS place
    FROM (SELECT DISTINCT key_text, cell FROM placed) AS p
    INNER JOIN standing AS s ON p.key_text = s.key_text
    INNER JOIN fate AS t ON s.load_id = t.load_id AND s.row_number = t.row_number AND s.reading = t.reading
    WHERE s.verdict = 'valid' AND STRPOS(COALESCE(t.cells_aside, ''), ',' || p.cell || ',') = 0
    GROUP BY p.key_text, p.cell
),

judged AS (
    SELECT
        p.*,
        t.record_key,
        t.patient_id,
        t.content,
        CASE
            WHEN t.state = 'rejected' THEN 'rejected'
            WHEN t.version_state IS NULL OR t.version_state = 'quarantined' THEN NULL
            WHEN p.open_ids IS NULL THEN 'overridden'
            WHEN t.version_state = 'past' AND g.place > p.place THEN 'corrected'
            ELSE 'open'
        END AS state
    FROM placed AS p
    INNER JOIN fate AS t ON p.load_id = t.load_id AND p.row_number = t.row_number AND p.reading = t.reading
    LEFT JOIN good AS g ON p.key_text = g.key_text AND p.cell = g.cell
    WHERE t.fate <> 'void'
)

SELECT
    '{{ f.name }}' AS feed,
    j.load_id,
    j.row_number,
    j.reading,
    j.cell,
    j.record_key,
    j.patient_id,
    COALESCE(j.open_ids, j.rule_ids) AS rule_ids,
    j.open_ids IS NOT NULL AS is_aside,
    j.state,
    CASE
        WHEN j.state = 'corrected' THEN 'a later version with a good cell arrived'
        WHEN j.state IS NOT NULL THEN e.reason
    END AS reason,
    CASE WHEN j.state = 'corrected' THEN 'registry' WHEN j.state IS NOT NULL THEN e.decided_by END AS decided_by,
    CASE WHEN j.state <> 'corrected' THEN e.decided_at END AS decided_at,
    j.content,
    {{ f.stored_payload('r') }} AS payload
FROM judged AS j
INNER JOIN received.{{ f.name }} AS r ON j.load_id = r.load_id AND j.row_number = r.row_number AND j.reading = r.reading
LEFT JOIN decision.event AS e
    ON
        e.decision_id = CASE j.state
            WHEN 'rejected' THEN j.rejected_by
            WHEN 'overridden' THEN j.overridden_by
            ELSE j.reopened_by
        END
