-- The chosen rows that fail by themselves, whoever their patient is.
CREATE TEMPORARY TABLE leaving AS
SELECT
    c.load_id,
    c.row_number,
    c.feed
FROM chosen_record AS c
WHERE
    EXISTS (
        SELECT 1
        FROM quarantine.failure AS f
        WHERE
            f.load_id = c.load_id
            AND f.row_number = c.row_number
            AND f.severity = 'critical'
            AND NOT f.is_overridden
            AND f.rule_id NOT IN (SELECT l.rule_id FROM reference.rule AS l WHERE l.level = 'lifespan')
    )
