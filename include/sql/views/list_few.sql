-- Of DuckDB alone: the patients in scope and those who are touched, where there are few of them.
SET VARIABLE few = (
    SELECT CASE WHEN COUNT(*) <= :most THEN LIST(patient_id) END
    FROM (
        SELECT patient_id
        FROM ops.scope
        UNION
        SELECT patient_id
        FROM ops.touched_patient
    ) AS near
)
