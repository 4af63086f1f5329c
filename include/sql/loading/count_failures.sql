-- What each rule says of a load is what its failing rows say now, so it does not matter whether a birth, a death or an
-- override became known before or after them.
UPDATE ops.validation_result
SET
    rows_failed = m.failed,
    status = CASE
        WHEN m.failed = 0 THEN CASE WHEN ops.validation_result.rows_checked > 0 THEN 'pass' ELSE 'not_applicable' END
        WHEN ops.validation_result.severity = 'critical' THEN 'fail'
        ELSE 'pass_with_failures'
    END
FROM (
    SELECT
        r.load_id,
        r.rule_id,
        COUNT(f.load_id) AS failed
    FROM ops.validation_result AS r
    LEFT JOIN quarantine.failure AS f
        ON r.load_id = f.load_id AND r.rule_id = f.rule_id AND NOT f.is_overridden
    WHERE
        r.load_id IN (SELECT c.load_id FROM {{ counted }} AS c)
        AND r.rule_id IN (
            SELECT l.rule_id
            FROM reference.rule AS l
            WHERE l.level IN ({% for level in levels %}'{{ level }}'{{ ", " if not loop.last }}{% endfor %})
        )
        AND r.status <> 'error'
    GROUP BY r.load_id, r.rule_id
) AS m
WHERE ops.validation_result.load_id = m.load_id AND ops.validation_result.rule_id = m.rule_id
