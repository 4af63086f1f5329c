-- Files that were read and not loaded keep what was found out then; what was loaded is read again.
INSERT INTO received.reading (
    load_id, reading, is_whole, outcome, reason, reason_code, rows_received, rows_unreadable, rows_failing, started_at,
    finished_at
)
WITH held AS (
    SELECT
        load_id,
        reason,
        ROW_NUMBER() OVER (PARTITION BY load_id ORDER BY decided_at DESC, decision_id DESC) AS from_last
    FROM decision.before
    WHERE subject = 'file' AND to_state = 'held'
)

SELECT
    l.load_id,
    1 AS reading,
    TRUE AS is_whole,
    'held' AS outcome,
    CASE WHEN l.state = 'held' THEN l.reason ELSE h.reason END AS reason,
    l.reason_code,
    COALESCE(l.rows_received, 0) AS rows_received,
    COALESCE(v.rows_failed, 0) AS rows_unreadable,
    l.rows_failing,
    l.started_at,
    l.finished_at
FROM before.load AS l
LEFT JOIN held AS h ON l.load_id = h.load_id AND h.from_last = 1
LEFT JOIN before.validation_result AS v ON l.load_id = v.load_id AND v.rule_id = 'file.row.unreadable'
WHERE l.state IN ('held', 'released', 'rejected', 'superseded') AND l.finished_at IS NOT NULL
