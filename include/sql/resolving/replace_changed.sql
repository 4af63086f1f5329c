-- Reads: changed_patient, {{ table }}.
DELETE FROM clinical.{{ table }}
WHERE patient_id IN (SELECT c.patient_id FROM changed_patient AS c);

INSERT INTO clinical.{{ table }} ({{ columns | join(", ") }})
SELECT {{ columns | join(", ") }}
FROM {{ table }}
WHERE patient_id IN (SELECT c.patient_id FROM changed_patient AS c)
