-- Reads: chosen_failure. Changes: chosen_record.
-- What else a row fails keeps it out: an override for it would hold for nothing. Another cell keeps out nothing.
DELETE FROM chosen_record
WHERE
    record_key IS NULL
    OR EXISTS (
        SELECT 1
        FROM chosen_failure AS f
        WHERE
            f.load_id = chosen_record.load_id
            AND f.row_number = chosen_record.row_number
            AND f.decision_id IS NULL
            AND f.level <> 'cell'
            AND f.rule_id <> ALL(CAST(:rule_ids AS TEXT[]))
    )
    OR NOT EXISTS (
        SELECT 1
        FROM chosen_failure AS f
        WHERE
            f.load_id = chosen_record.load_id
            AND f.row_number = chosen_record.row_number
            AND f.decision_id IS NULL
            AND f.rule_id = ANY(CAST(:rule_ids AS TEXT[]))
    )
