-- Reads: found_content.
DELETE FROM before.decided
WHERE
    rule_id IS NULL
    AND EXISTS (
        SELECT 1
        FROM found_content AS c
        WHERE
            c.decision_id = before.decided.decision_id
            AND c.load_id = before.decided.load_id
            AND c.row_number = before.decided.row_number
    )
