EXISTS (
        SELECT 1
        FROM clinical.{{ feed }} AS v
        INNER JOIN ops.load AS vl ON v.last_load_id = vl.load_id
        INNER JOIN ops.load AS rl ON quarantine.record.load_id = rl.load_id
        WHERE
            v."{{ key }}" = quarantine.record.record_key
            AND v."{{ key }}" IN (SELECT k.record_key FROM quarantine.record AS k WHERE k.feed = '{{ feed }}')
            AND v.version_state IN ('current', 'past')
            AND (
                v.patient_id = quarantine.record.patient_id
                OR STRPOS(COALESCE(quarantine.record.rule_ids, ''), '{{ feed }}.patient_id.moved') = 0
            )
            AND (
                vl.batch_date > rl.batch_date
                OR (vl.batch_date = rl.batch_date AND vl.file_order > rl.file_order)
                OR (vl.batch_date = rl.batch_date AND vl.file_order = rl.file_order AND vl.delivery > rl.delivery)
                OR (vl.load_id = rl.load_id AND v.last_row_number > quarantine.record.row_number)
            )
    )
