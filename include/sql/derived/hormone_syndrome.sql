-- What the clinic reports comes first; the findings tell of the carcinoid syndrome alone, and never that there is none.
WITH finding AS (
    SELECT
        p.patient_id,
        p.hormone_syndrome AS reported,
        c.symptom_visit_id,
        CASE
            WHEN b.carcinoid_syndrome AND b.hiaa_elevated THEN 'symptoms and 5-HIAA'
            WHEN p.discovery_mode = 'carcinoid_syndrome' THEN 'discovery'
            WHEN b.carcinoid_syndrome THEN 'symptoms'
        END AS carcinoid_by
    FROM scope.patients AS p
    INNER JOIN scope.baseline AS b ON p.patient_id = b.patient_id
    LEFT JOIN scope.baseline_clinic AS c ON p.patient_id = c.patient_id
)

SELECT
    patient_id,
    COALESCE(reported, 'carcinoid') AS syndrome,
    COALESCE(reported, 'carcinoid') <> 'non_functioning' AS is_functioning,
    CASE WHEN reported IS NOT NULL THEN 'reported' ELSE carcinoid_by END AS source,
    CASE WHEN reported IS NOT NULL AND carcinoid_by IS NOT NULL THEN reported = 'carcinoid' END AS agrees,
    CASE WHEN reported IS NULL AND carcinoid_by <> 'discovery' THEN 'visits' ELSE 'patients' END AS source_table,
    CASE WHEN reported IS NULL AND carcinoid_by <> 'discovery' THEN symptom_visit_id ELSE patient_id END AS source_id
FROM finding
WHERE COALESCE(reported, carcinoid_by) IS NOT NULL
