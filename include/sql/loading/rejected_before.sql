-- The rows that this load set aside and that say what a rejected row of another file says.
CREATE TEMPORARY TABLE chosen_record AS
SELECT
    n.load_id,
    n.row_number,
    n.feed,
    n.record_key,
    n.state
FROM quarantine.record AS n
WHERE
    n.load_id = :load_id
    AND n.state IN ('open', 'waiting')
    AND EXISTS (
        SELECT 1
        FROM quarantine.record AS r
        WHERE r.state = 'rejected' AND r.feed = n.feed AND r.content = n.content
    )
