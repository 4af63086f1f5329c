DELETE FROM clinical.{{ feed }}
WHERE
    EXISTS (
        SELECT 1
        FROM withdrawn AS w
        WHERE w.load_id = clinical.{{ feed }}.load_id AND w.row_number = clinical.{{ feed }}.row_number
    )
