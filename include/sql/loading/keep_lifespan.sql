INSERT INTO clinical.lifespan (patient_id, birth_date, death_date, is_active)
SELECT
    patient_id,
    birth_date,
    death_date,
    is_active
FROM changed_lifespan
