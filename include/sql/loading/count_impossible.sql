-- What a critical lifespan rule says of a load: the versions that the load brought and that the rule quarantines now,
-- so it does not matter whether the birth or death became known before or after them.
UPDATE ops.validation_result
SET
    rows_failed = m.failed,
    status = CASE WHEN m.failed > 0 THEN 'fail' ELSE 'pass' END
FROM (
    SELECT
        r.load_id,
        r.rule_id,
        COUNT(i.load_id) AS failed
    FROM ops.validation_result AS r
    LEFT JOIN (
        SELECT
            q.load_id,
            q.rule_ids
        FROM quarantine.record AS q
        INNER JOIN clinical.{{ feed }} AS v
            ON q.record_key = v."{{ key }}" AND q.load_id = v.load_id AND q.row_number = v.row_number
        WHERE q.feed = '{{ feed }}' AND v.version_state = 'quarantined'
    ) AS i ON r.load_id = i.load_id AND STRPOS(',' || i.rule_ids || ',', ',' || r.rule_id || ',') > 0
    WHERE
        r.load_id IN ({{ loads }})
        AND r.rule_id IN ({% for rule_id in rule_ids %}'{{ rule_id }}'{{ ", " if not loop.last }}{% endfor %})
        AND r.status <> 'error'
    GROUP BY r.load_id, r.rule_id
) AS m
WHERE ops.validation_result.load_id = m.load_id AND ops.validation_result.rule_id = m.rule_id
