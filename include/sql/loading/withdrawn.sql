CREATE TEMPORARY TABLE withdrawn AS
SELECT
    v.load_id,
    v.row_number,
    v."{{ key }}" AS record_key,
    v.patient_id,
    v.arrival,
    v.version_state
FROM clinical.{{ feed }} AS v
INNER JOIN {{ leaving }} AS c ON v.load_id = c.load_id AND v.row_number = c.row_number
WHERE c.feed = '{{ feed }}'
