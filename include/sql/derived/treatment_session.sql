WITH session AS (
    SELECT
        procedure_id,
        patient_id,
        performed_on,
        CASE WHEN CAST(started_at AS DATE) = performed_on AND started_at_precision IS NULL THEN started_at END
            AS started_at,
        CASE WHEN CAST(started_at AS DATE) = performed_on THEN started_at_instant END AS started_at_instant
    FROM scope.procedures
)

SELECT
    procedure_id,
    patient_id,
    ROW_NUMBER() OVER (
        PARTITION BY patient_id ORDER BY performed_on NULLS LAST, started_at NULLS LAST, procedure_id NULLS LAST
    ) AS session_number,
    performed_on,
    started_at,
    started_at_instant,
    LAG(performed_on) OVER (
        PARTITION BY patient_id ORDER BY performed_on NULLS LAST, started_at NULLS LAST, procedure_id NULLS LAST
    ) AS previous_on
FROM session
