SELECT
    r.load_id,
    r.reading,
    r.outcome,
    r.reason,
    r.reason_code,
    r.rows_received,
    r.rows_unreadable,
    r.rows_failing,
    r.profile,
    r.rows_left_out,
    r.started_at,
    r.finished_at
FROM received.reading AS r
INNER JOIN (
    SELECT
        load_id,
        MAX(reading) AS reading
    FROM received.reading
    WHERE is_whole
    GROUP BY load_id
) AS latest ON r.load_id = latest.load_id AND r.reading = latest.reading
