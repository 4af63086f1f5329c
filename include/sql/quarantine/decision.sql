-- The audit trail: what people decided about each row and file, and that files were held or loaded. Where the trail of
-- an earlier version tells of a row or file, what people decided until then stands there.
WITH
told_before AS (
    SELECT
        subject,
        load_id,
        row_number,
        'before-' || decision_id AS decision_id,
        from_state,
        to_state,
        rule_ids,
        decided_by,
        decided_at,
        reason,
        MAX(decided_at) OVER () AS told_until,
        ROW_NUMBER() OVER (PARTITION BY subject, load_id, row_number ORDER BY decided_at DESC, decision_id DESC)
            AS from_last
    FROM decision.before
),

about_row AS (
    SELECT
        x.load_id,
        x.row_number,
        e.decision_id,
        MAX(x.rule_ids) AS rule_ids,
        MAX(e.kind) AS kind,
        MAX(e.decided_by) AS decided_by,
        MAX(e.decided_at) AS decided_at,
        MAX(e.reason) AS reason
    FROM decision.event AS e
    INNER JOIN decision.subject AS s
        ON e.decision_id = s.decision_id OR (e.kind = 'undo' AND e.undoes = s.decision_id)
    LEFT JOIN decision.event AS taken ON e.undoes = taken.decision_id
    INNER JOIN (
        SELECT
            load_id,
            row_number,
            feed,
            record_key,
            content,
            rule_ids
        FROM quarantine.record
        UNION ALL
        SELECT
            load_id,
            row_number,
            feed,
            record_key,
            content,
            rule_ids
        FROM quarantine.cell
    ) AS x
        ON s.feed = x.feed AND COALESCE(s.record_key, '') = COALESCE(x.record_key, '') AND s.content = x.content
    WHERE s.content IS NOT NULL AND COALESCE(taken.kind, e.kind) <> 'note'
    GROUP BY x.load_id, x.row_number, e.decision_id
),

of_row AS (
    SELECT
        a.load_id,
        a.row_number,
        a.decision_id,
        a.rule_ids,
        a.decided_by,
        a.decided_at,
        a.reason,
        CASE a.kind WHEN 'override' THEN 'overridden' WHEN 'reject' THEN 'rejected' ELSE 'open' END AS to_state,
        b.to_state AS state_before
    FROM about_row AS a
    LEFT JOIN told_before AS b
        ON a.load_id = b.load_id AND a.row_number = b.row_number AND b.subject = 'record' AND b.from_last = 1
    WHERE b.load_id IS NULL OR a.decided_at > b.told_until
),

about_file AS (
    SELECT
        load_id,
        1 + reading * 2 AS step,
        CASE outcome WHEN 'held' THEN 'held' ELSE 'loaded' END AS to_state,
        'registry' AS decided_by,
        finished_at AS decided_at,
        reason
    FROM received.reading
    WHERE is_whole
    UNION ALL
    SELECT
        s.load_id,
        2 + 2 * (
            SELECT COUNT(*)
            FROM received.reading AS r
            WHERE r.load_id = s.load_id AND r.finished_at <= e.decided_at
        ) AS step,
        CASE e.kind WHEN 'release' THEN 'released' ELSE 'rejected' END AS to_state,
        e.decided_by,
        e.decided_at,
        e.reason
    FROM decision.event AS e
    INNER JOIN decision.subject AS s ON e.decision_id = s.decision_id
    WHERE s.load_id IS NOT NULL
),

of_file AS (
    SELECT
        a.*,
        b.to_state AS state_before
    FROM about_file AS a
    LEFT JOIN told_before AS b ON a.load_id = b.load_id AND b.subject = 'file' AND b.from_last = 1
    WHERE
        b.load_id IS NULL
        OR (a.decided_at > b.told_until AND NOT (a.to_state = 'loaded' AND b.to_state = 'loaded'))
)

SELECT
    load_id || '-' || CAST(row_number AS TEXT) || '-' || CAST(decision_id AS TEXT) AS decision_id,
    'record' AS subject,
    load_id,
    row_number,
    COALESCE(LAG(to_state) OVER (PARTITION BY load_id, row_number ORDER BY decision_id ASC), state_before, 'open')
        AS from_state,
    to_state,
    rule_ids,
    decided_by,
    decided_at,
    reason
FROM of_row
UNION ALL
SELECT
    load_id || '-' || CAST(step AS TEXT) || '-' || to_state AS decision_id,
    'file' AS subject,
    load_id,
    CAST(NULL AS BIGINT) AS row_number,
    COALESCE(LAG(to_state) OVER (PARTITION BY load_id ORDER BY decided_at ASC, step ASC), state_before, 'received')
        AS from_state,
    to_state,
    CAST(NULL AS TEXT) AS rule_ids,
    decided_by,
    decided_at,
    reason
FROM of_file
UNION ALL
SELECT
    decision_id,
    subject,
    load_id,
    row_number,
    from_state,
    to_state,
    rule_ids,
    decided_by,
    decided_at,
    reason
FROM told_before
