-- A row that names an exam or a session of a touched patient may be judged otherwise now, whosever row it is, and so may
-- a patient whose id is almost the same. What became of such a row is not asked: to judge somebody for nothing is cheap.
INSERT INTO ops.scope (patient_id)
WITH
touched AS (
    SELECT l.patient_id
    FROM clinical.lifespan AS l
    INNER JOIN ops.touched_patient AS t ON l.person_id = t.patient_id
    UNION
    SELECT patient_id
    FROM ops.touched_patient
),

linked AS (
    SELECT naming.patient_id
    FROM (SELECT * FROM received.exams WHERE patient_id IN (SELECT t.patient_id FROM touched AS t)) AS e
    INNER JOIN received.lesions AS naming ON e.exam_id = naming.exam_id AND e.patient_id <> naming.patient_id
    UNION
    SELECT naming.patient_id
    FROM (SELECT * FROM received.procedures WHERE patient_id IN (SELECT t.patient_id FROM touched AS t)) AS p
    INNER JOIN received.adverse_events AS naming
        ON p.procedure_id = naming.procedure_id AND p.patient_id <> naming.patient_id
    UNION
    SELECT alike.patient_id
    FROM clinical.folded_patient AS f
    INNER JOIN clinical.folded_patient AS alike ON f.folded_id = alike.folded_id AND f.patient_id <> alike.patient_id
    WHERE f.patient_id IN (SELECT t.patient_id FROM touched AS t)
),

linked_person AS (
    SELECT DISTINCT l.person_id
    FROM linked AS k
    INNER JOIN clinical.lifespan AS l ON k.patient_id = l.patient_id
)

SELECT l.patient_id
FROM clinical.lifespan AS l
INNER JOIN linked_person AS p ON l.person_id = p.person_id
WHERE l.is_active AND NOT EXISTS (SELECT 1 FROM ops.scope AS s WHERE s.patient_id = l.patient_id)
