DELETE FROM resolved.finding
WHERE
    rule_id = ANY(CAST(:rule_ids AS TEXT[]))
    AND patient_id IN (
        SELECT s.patient_id
        FROM ops.scope AS s
        UNION ALL
        SELECT t.patient_id
        FROM ops.touched_patient AS t
    )
