-- What is still to be received, resolved, derived or refreshed.
SELECT COUNT(*)
FROM (
    SELECT load_id AS what
    FROM ops.due_load
    WHERE load_id IN (SELECT l.load_id FROM ops.file_state AS l WHERE l.state IN ('received', 'released'))
    UNION ALL
    SELECT feed AS what
    FROM resolved.due
    UNION ALL
    SELECT patient_id AS what
    FROM ops.touched_patient
) AS pending
