UPDATE clinical.{{ feed }}
SET version_state = s.new_state
FROM settled AS s
WHERE
    clinical.{{ feed }}.load_id = s.load_id
    AND clinical.{{ feed }}.row_number = s.row_number
    AND s.new_state <> s.old_state
