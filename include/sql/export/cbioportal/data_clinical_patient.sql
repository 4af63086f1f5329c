-- Treated patients: what they were like at the first procedure, and how it went on.
WITH
survival AS (
    SELECT
        patient_id,
        MAX(months) FILTER (WHERE endpoint = 'os_treatment') AS os_months,
        BOOL_OR(event) FILTER (WHERE endpoint = 'os_treatment') AS os_event,
        MAX(months) FILTER (WHERE endpoint = 'pfs') AS pfs_months,
        BOOL_OR(event) FILTER (WHERE endpoint = 'pfs') AS pfs_event
    FROM derived.survival_time
    WHERE rule = 'study' AND criteria IN ('none', 'mrecist')
    GROUP BY patient_id
),

cycle_count AS (
    SELECT
        patient_id,
        COUNT(*) AS cycles
    FROM derived.treatment_cycle
    GROUP BY patient_id
)

SELECT
    b.patient_id,
    CASE b.sex WHEN 'female' THEN 'Female' WHEN 'male' THEN 'Male' END AS sex,
    CASE
        WHEN b.age_at_first_procedure_years >= 90 THEN 90
        ELSE CAST(FLOOR(b.age_at_first_procedure_years) AS BIGINT)
    END AS age,
    b.primary_group,
    b.liver_burden_class,
    CASE b.extrahepatic_disease WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END AS extrahepatic_disease,
    b.ecog AS ecog_performance_status,
    CASE b.carcinoid_syndrome WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END AS carcinoid_syndrome,
    c.cycles AS treatment_cycles,
    r.response AS best_response,
    CASE
        WHEN s.os_event OR f.vital_status = 'dead' THEN '1:DECEASED'
        WHEN NOT s.os_event THEN '0:LIVING'
    END AS os_status,
    ROUND(CAST(s.os_months AS DECIMAL(18, 6)), 2) AS os_months,
    CASE s.pfs_event WHEN TRUE THEN '1:PROGRESSION' WHEN FALSE THEN '0:CENSORED' END AS pfs_status,
    ROUND(CAST(s.pfs_months AS DECIMAL(18, 6)), 2) AS pfs_months
FROM derived.baseline AS b
LEFT JOIN derived.follow_up AS f ON b.patient_id = f.patient_id
LEFT JOIN survival AS s ON b.patient_id = s.patient_id
LEFT JOIN cycle_count AS c ON b.patient_id = c.patient_id
LEFT JOIN derived.best_response AS r ON b.patient_id = r.patient_id AND r.criteria = 'mrecist' AND NOT r.confirmed
WHERE b.first_procedure IS NOT NULL
