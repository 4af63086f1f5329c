-- A held file with the size of its day's extract beside that of earlier ones.
SELECT
    l.load_id,
    l.file_name,
    l.source,
    l.feed,
    l.batch_date,
    l.state,
    l.reason,
    l.reason_code,
    l.rows_received,
    l.finished_at,
    v.rows_received AS rows_of_day,
    v.median_rows,
    v.earlier_extracts,
    v.ratio,
    v.low,
    v.high,
    v.in_band
FROM ops.file_state AS l
LEFT JOIN ops.volume AS v
    ON l.site = v.site AND l.source = v.source AND l.feed = v.feed AND l.batch_date = v.batch_date
WHERE l.load_id = :load_id
