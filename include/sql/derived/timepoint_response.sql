-- The last exam of a time point settles its response; a progression has the day of the exam from which on it stands.
-- Windows in place of joins: PostgreSQL would expect a join by five columns to leave next to no rows.
WITH judged AS (
    SELECT
        exam_response.*,
        STRING_AGG(exam_id, '+') OVER (
            PARTITION BY patient_id, reader, criteria, region, timepoint_date ORDER BY exam_number NULLS LAST
        ) AS exam_ids,
        MAX(CASE WHEN response = 'PD' THEN 0 ELSE exam_number END) OVER (
            PARTITION BY patient_id, reader, criteria, region, timepoint_date
        ) AS last_without_pd
    FROM scope.exam_response AS exam_response
),

dated AS (
    SELECT
        judged.*,
        MAX(CASE WHEN exam_number = last_without_pd + 1 THEN exam_id END) OVER one_region AS progression_exam_id,
        MAX(CASE WHEN exam_number = last_without_pd + 1 THEN exam_date END) OVER one_region AS progression_date
    FROM judged
    WINDOW one_region AS (PARTITION BY patient_id, reader, criteria, region, timepoint_date)
),

settled AS (
    SELECT
        dated.*,
        MAX(CASE WHEN region = 'liver' THEN response END) OVER one_time_point AS liver_response,
        MAX(CASE WHEN region = 'liver' THEN progression_date END) OVER one_time_point AS liver_progression_date,
        MAX(CASE WHEN region = 'liver' THEN progression_exam_id END) OVER one_time_point AS liver_progression_exam_id
    FROM dated
    WHERE is_last
    WINDOW one_time_point AS (PARTITION BY patient_id, reader, criteria, timepoint_date)
),

baseline AS (
    SELECT
        lesion.patient_id,
        lesion.reader,
        lesion.exam_id,
        first_procedure.performed_on - lesion.timepoint_date AS age_days,
        setting.value AS days_maximum,
        ROW_NUMBER() OVER (
            PARTITION BY lesion.patient_id, lesion.reader
            ORDER BY lesion.exam_number DESC NULLS LAST, lesion.lesion_id ASC, lesion.criteria ASC
        ) AS place
    FROM scope.baseline_lesion AS lesion
    INNER JOIN scope.treatment_session AS first_procedure
        ON lesion.patient_id = first_procedure.patient_id AND first_procedure.session_number = 1
    INNER JOIN reference.setting AS setting ON setting.name = 'baseline_exam_days'
)

SELECT
    settled.patient_id,
    settled.reader,
    settled.criteria,
    settled.timepoint_date,
    settled.exam_id,
    settled.exam_ids,
    settled.exam_date,
    baseline.exam_id AS baseline_exam_id,
    baseline.age_days AS baseline_age_days,
    baseline.age_days > baseline.days_maximum AS baseline_too_old,
    settled.sum_mm,
    settled.baseline_sum_mm,
    settled.nadir_sum_mm,
    (settled.complete_sum_mm - settled.baseline_sum_mm) * 100 / NULLIF(settled.baseline_sum_mm, 0)
        AS change_from_baseline_percent,
    (settled.complete_sum_mm - settled.nadir_sum_mm) * 100 / NULLIF(settled.nadir_sum_mm, 0)
        AS change_from_nadir_percent,
    settled.target_response,
    settled.non_target_response,
    settled.new_lesion,
    settled.response,
    CASE
        WHEN settled.response = 'PD' THEN settled.progression_date
        WHEN settled.response IN ('CR', 'PR') THEN settled.exam_date
        ELSE settled.timepoint_date
    END AS response_date,
    settled.progression_exam_id,
    COALESCE(settled.liver_response, settled.response) AS hepatic_response,
    CASE WHEN settled.liver_response IS NULL THEN settled.progression_date ELSE settled.liver_progression_date END
        AS hepatic_progression_date,
    CASE
        WHEN settled.liver_response IS NULL THEN settled.progression_exam_id
        ELSE settled.liver_progression_exam_id
    END AS hepatic_progression_exam_id
FROM settled
LEFT JOIN baseline
    ON settled.patient_id = baseline.patient_id AND settled.reader = baseline.reader AND baseline.place = 1
WHERE settled.region = 'all'
