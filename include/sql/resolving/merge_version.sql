-- Reads: standing.
-- The merges that nothing about themselves sets aside, in the order of their versions; a cancelled one names no ids.
SELECT
    s.load_id,
    s.row_number,
    s.reading,
    s.record_key,
    CASE WHEN r.status <> 'cancelled' THEN r.merged_patient_id END AS merged_id,
    CASE WHEN r.status <> 'cancelled' THEN r.surviving_patient_id END AS surviving_id
FROM standing AS s
INNER JOIN received.{{ f.name }} AS r
    ON s.load_id = r.load_id AND s.row_number = r.row_number AND s.reading = r.reading
INNER JOIN received.file AS f ON s.load_id = f.load_id
WHERE s.verdict = 'valid'
ORDER BY f.batch_date ASC, f.file_order ASC, f.delivery ASC, f.load_id ASC, s.row_number ASC, s.reading ASC
