CREATE TEMPORARY TABLE concerned AS
SELECT patient_id
FROM ops.unsettled_patient
WHERE feed = 'visits'
