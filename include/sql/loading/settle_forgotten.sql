DELETE FROM quarantine.record
WHERE
    feed = '{{ feed }}'
    AND EXISTS (
        SELECT 1
        FROM settled AS s
        WHERE
            s.load_id = quarantine.record.load_id
            AND s.row_number = quarantine.record.row_number
            AND s.old_state IN ('current', 'past')
            AND s.new_state = 'quarantined'
    )
