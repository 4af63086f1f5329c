DELETE FROM quarantine.failure
WHERE
    feed = '{{ feed }}'
    AND rule_id IN (SELECT l.rule_id FROM reference.rule AS l WHERE l.feed = '{{ feed }}' AND l.level = 'lifespan')
    AND EXISTS (
        SELECT 1
        FROM {{ judged }} AS v
        WHERE v.load_id = quarantine.failure.load_id AND v.row_number = quarantine.failure.row_number
    )
