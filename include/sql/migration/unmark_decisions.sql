-- Reads: found_content, found_value.
-- Rows are resolved again by decisions that are about more now.
DELETE FROM resolved.decision
WHERE
    decision_id IN (
        SELECT c.decision_id
        FROM found_content AS c
        UNION
        SELECT v.decision_id
        FROM found_value AS v
    )
