-- Reads: failed. Changes: standing.
UPDATE standing
SET verdict = 'late'
FROM failed AS m
WHERE
    m.is_late
    AND m.severity = 'critical'
    AND m.decision_id IS NULL
    AND standing.verdict IN ('waiting', 'valid')
    AND standing.load_id = m.load_id
    AND standing.row_number = m.row_number
    AND standing.reading = m.reading
