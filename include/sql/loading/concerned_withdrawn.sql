CREATE TEMPORARY TABLE concerned AS
SELECT v.patient_id
FROM clinical.{{ feed }} AS v
WHERE v."{{ key }}" IN (SELECT w.record_key FROM withdrawn AS w)
UNION
SELECT patient_id FROM withdrawn
