-- What a rule said of a load counts the rows as they stand now, whenever the birth or death became known.
UPDATE ops.validation_result
SET
    rows_failed = ops.validation_result.rows_failed + m.more,
    status = CASE WHEN ops.validation_result.rows_failed + m.more > 0 THEN 'fail' ELSE 'pass' END
FROM (
    SELECT
        v.load_id,
        v.rule_id,
        SUM(
            CASE
                WHEN s.new_state = 'quarantined' AND STRPOS(',' || s.rule_ids || ',', ',' || v.rule_id || ',') > 0
                    THEN 1
                ELSE 0
            END
            - CASE
                WHEN s.old_state = 'quarantined' AND STRPOS(',' || q.rule_ids || ',', ',' || v.rule_id || ',') > 0
                    THEN 1
                ELSE 0
            END
        ) AS more
    FROM settled AS s
    INNER JOIN ops.validation_result AS v ON s.load_id = v.load_id
    LEFT JOIN quarantine.record AS q
        ON s.load_id = q.load_id AND s.row_number = q.row_number AND q.feed = '{{ feed }}'
    WHERE s.new_state <> s.old_state
    GROUP BY v.load_id, v.rule_id
) AS m
WHERE
    ops.validation_result.load_id = m.load_id
    AND ops.validation_result.rule_id = m.rule_id
    AND m.more <> 0
