-- The only mart with a row a patient. The key is drawn anew at every refresh and orders the rows, so neither the key
-- nor the place of a row leads back to a patient, or from one refresh to the next. Times are completed months, changes
-- whole percent cut towards 0, so that no class limit is crossed; in a small cohort a row can still be one person's.
WITH cycle_count AS (
    SELECT
        patient_id,
        COUNT(*) AS cycles,
        MAX(last_session) AS last_session
    FROM derived.treatment_cycle
    GROUP BY patient_id
),

course AS (
    SELECT
        patient_id,
        MAX(response) FILTER (WHERE assessment = 'first_cycle') AS first_response,
        MAX(response) FILTER (WHERE assessment = 'final') AS final_response
    FROM derived.course_response
    WHERE criteria = 'mrecist'
    GROUP BY patient_id
),

best AS (
    SELECT
        patient_id,
        response,
        best_change_percent
    FROM derived.best_response
    WHERE criteria = 'mrecist' AND NOT confirmed
),

new_lesion AS (
    SELECT
        patient_id,
        MIN(exam_date) AS first_seen
    FROM derived.timepoint_response
    WHERE reader = 'registry' AND criteria = 'mrecist' AND new_lesion
    GROUP BY patient_id
),

survival AS (
    SELECT
        patient_id,
        MAX(months) FILTER (WHERE endpoint = 'os_treatment') AS os_months,
        BOOL_OR(event) FILTER (WHERE endpoint = 'os_treatment') AS os_event,
        MAX(months) FILTER (WHERE endpoint = 'pfs') AS pfs_months,
        BOOL_OR(event) FILTER (WHERE endpoint = 'pfs') AS pfs_event,
        MIN(start_date) FILTER (WHERE endpoint = 'duration_of_response') AS response_date
    FROM derived.survival_time
    WHERE rule = 'study' AND criteria IN ('none', 'mrecist')
    GROUP BY patient_id
)

SELECT
    CAST(GEN_RANDOM_UUID() AS TEXT) AS patient_key,
    a.category AS age_band,
    b.sex,
    b.primary_group,
    b.grade,
    b.liver_burden_class,
    b.extrahepatic_disease,
    n.cycles,
    c.first_response,
    r.response AS best_response,
    c.final_response,
    CAST(FLOOR(s.os_months) AS BIGINT) AS os_months,
    s.os_event,
    CAST(FLOOR(s.pfs_months) AS BIGINT) AS pfs_months,
    s.pfs_event,
    CAST(TRUNC(CAST(r.best_change_percent AS DECIMAL(18, 6))) AS BIGINT) AS best_change_percent,
    CAST(FLOOR((s.response_date - b.first_procedure) / m.value) AS BIGINT) AS response_months,
    CAST(FLOOR((n.last_session - b.first_procedure) / m.value) AS BIGINT) AS last_session_months,
    CAST(FLOOR((l.first_seen - b.first_procedure) / m.value) AS BIGINT) AS new_lesion_months
FROM derived.baseline AS b
INNER JOIN reference.setting AS m ON m.name = 'days_per_month'
LEFT JOIN reference.class_range AS a
    ON
        a.characteristic = 'age_band'
        AND b.age_at_first_procedure_years >= a.from_value
        AND b.age_at_first_procedure_years < a.below_value
LEFT JOIN cycle_count AS n ON b.patient_id = n.patient_id
LEFT JOIN course AS c ON b.patient_id = c.patient_id
LEFT JOIN best AS r ON b.patient_id = r.patient_id
LEFT JOIN new_lesion AS l ON b.patient_id = l.patient_id
LEFT JOIN survival AS s ON b.patient_id = s.patient_id
WHERE b.first_procedure IS NOT NULL
ORDER BY patient_key ASC NULLS LAST
