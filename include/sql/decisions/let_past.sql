-- The rows of loaded files that the overrides of the chosen records let past a rule.
CREATE TEMPORARY TABLE let_past AS
SELECT
    f.load_id,
    f.row_number,
    f.feed,
    f.record_key,
    f.override_id
FROM quarantine.failure AS f
INNER JOIN ops.load AS l ON f.load_id = l.load_id AND l.state = 'loaded'
WHERE
    f.override_id IN (
        SELECT k.override_id
        FROM chosen_record AS c
        INNER JOIN quarantine.failure AS k ON c.load_id = k.load_id AND c.row_number = k.row_number
        WHERE c.state = 'overridden'
    )
