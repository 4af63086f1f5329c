DELETE FROM resolved.finding
WHERE
    rule_id IN ({% for rule_id in rule_ids %}'{{ rule_id }}'{{ ", " if not loop.last }}{% endfor %})
    AND patient_id IN (
        SELECT s.patient_id
        FROM ops.scope AS s
        UNION ALL
        SELECT t.patient_id
        FROM ops.touched_patient AS t
    )
