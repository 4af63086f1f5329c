CREATE TEMPORARY TABLE staged_rows AS
SELECT
    ROW_NUMBER() OVER (ORDER BY v.load_id ASC, v.row_number ASC) AS row_number,
    {% include "loading/as_staged.sql" %},
    v.batch_date,
    v.load_id AS version_load_id,
    v.row_number AS version_row_number
FROM clinical.{{ feed }} AS v
WHERE v.patient_id IN (SELECT u.patient_id FROM ops.unsettled_patient AS u WHERE u.feed = '{{ feed }}')
