-- A row that names an exam or a session of a touched patient may be judged otherwise now, whosever row it is, and so may
-- a patient whose id is almost the same.
INSERT INTO ops.scope (patient_id)
SELECT l.patient_id
FROM clinical.lifespan AS l
WHERE
    l.is_active
    AND NOT EXISTS (SELECT 1 FROM ops.scope AS s WHERE s.patient_id = l.patient_id)
    AND l.patient_id IN (
        SELECT naming.patient_id
        FROM clinical.exams AS e
        INNER JOIN clinical.lesions AS naming ON e.exam_id = naming.exam_id AND e.patient_id <> naming.patient_id
        WHERE e.patient_id IN (SELECT t.patient_id FROM ops.touched_patient AS t)
        UNION ALL
        SELECT naming.patient_id
        FROM clinical.procedures AS p
        INNER JOIN clinical.adverse_events AS naming
            ON p.procedure_id = naming.procedure_id AND p.patient_id <> naming.patient_id
        WHERE p.patient_id IN (SELECT t.patient_id FROM ops.touched_patient AS t)
        UNION ALL
        SELECT alike.patient_id
        FROM clinical.folded_patient AS f
        INNER JOIN clinical.folded_patient AS alike ON f.folded_id = alike.folded_id AND f.patient_id <> alike.patient_id
        WHERE f.patient_id IN (SELECT t.patient_id FROM ops.touched_patient AS t)
    )
