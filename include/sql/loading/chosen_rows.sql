-- A row is what it was when it was set aside, or it is left alone: its number alone does not say so.
CREATE TEMPORARY TABLE chosen_rows AS
SELECT r.*
FROM staged_rows AS r
INNER JOIN chosen_record AS c ON r.row_number = c.row_number AND r."{{ key }}" IS NOT DISTINCT FROM c.record_key
INNER JOIN quarantine.record AS q ON c.load_id = q.load_id AND c.row_number = q.row_number
WHERE
    c.load_id = :load_id
    AND q.state = 'open'
    AND NOT EXISTS (
        SELECT 1
        FROM clinical.{{ feed }} AS v
        WHERE v.load_id = c.load_id AND v.row_number = c.row_number
    )
