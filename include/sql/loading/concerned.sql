CREATE TEMPORARY TABLE concerned AS
SELECT patient_id FROM staged_rows WHERE patient_id IS NOT NULL
UNION
SELECT patient_id FROM candidate
UNION
SELECT o.patient_id
FROM clinical.visits AS o
INNER JOIN clinical.visits AS w ON o.visit_id = w.visit_id AND o.patient_id <> w.patient_id
WHERE w.patient_id IN (SELECT s.patient_id FROM staged_rows AS s)
