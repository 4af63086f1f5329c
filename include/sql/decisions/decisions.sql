-- What people decided, the latest first; rows that say the same are one row here. A site's decisions are those about
-- its files, and about rows of which it sent one. What withdraws rows can be taken back while it is in force.
SELECT
    e.decision_id,
    e.kind,
    e.decided_by,
    e.decided_at,
    e.reason,
    e.entered_by,
    e.undoes,
    COUNT(s.content) AS row_count,
    MAX(s.load_id) AS load_id,
    (SELECT COUNT(*) FROM decision.event AS u WHERE u.undoes = e.decision_id) > 0 AS is_undone,
    COUNT(w.load_id) > 0 AS can_take_back,
    COUNT(*) OVER () AS total
FROM decision.event AS e
LEFT JOIN decision.subject AS s ON e.decision_id = s.decision_id
LEFT JOIN (
    SELECT
        i.decision_id,
        i.load_id
    FROM decision.in_force AS i
    INNER JOIN received.file AS f ON i.load_id = f.load_id
    WHERE f.withdraws <> '' AND i.kind IN ('withdraw', 'release')
) AS w ON s.decision_id = w.decision_id AND s.load_id = w.load_id
WHERE
    (CAST(:kind AS TEXT) IS NULL OR e.kind = :kind)
    AND (
        CAST(:site AS TEXT) IS NULL
        OR COALESCE(e.undoes, e.decision_id) IN (
            SELECT a.decision_id
            FROM decision.subject AS a
            LEFT JOIN (
                SELECT
                    load_id,
                    feed,
                    content
                FROM quarantine.record
                UNION ALL
                SELECT
                    load_id,
                    feed,
                    content
                FROM quarantine.cell
            ) AS q ON a.feed = q.feed AND a.content = q.content
            INNER JOIN received.file AS f ON f.load_id = COALESCE(a.load_id, q.load_id)
            WHERE f.site = :site
        )
    )
GROUP BY e.decision_id, e.kind, e.decided_by, e.decided_at, e.reason, e.entered_by, e.undoes
ORDER BY e.decision_id DESC
LIMIT :most OFFSET :skipped
