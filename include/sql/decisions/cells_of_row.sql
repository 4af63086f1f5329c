SELECT
    column_name,
    text,
    rule_ids,
    state,
    decided_by,
    reason
FROM quarantine.cell
WHERE load_id = :load_id AND row_number = :row_number
ORDER BY column_name ASC
