-- The last exam of a time point settles its response; a progression has the day of the exam from which on it stands.
WITH judged AS (
    SELECT
        exam_response.*,
        MAX(CASE WHEN response = 'PD' THEN 0 ELSE exam_number END) OVER (
            PARTITION BY patient_id, reader, criteria, region, timepoint_date
        ) AS last_without_pd
    FROM scope.exam_response AS exam_response
),

settled AS (
    SELECT
        last.*,
        progressed.exam_id AS progression_exam_id,
        progressed.exam_date AS progression_date
    FROM judged AS last
    LEFT JOIN judged AS progressed
        ON
            last.patient_id = progressed.patient_id
            AND last.reader = progressed.reader
            AND last.criteria = progressed.criteria
            AND last.region = progressed.region
            AND last.timepoint_date = progressed.timepoint_date
            AND last.last_without_pd + 1 = progressed.exam_number
    WHERE last.is_last
),

gathered AS (
    SELECT
        patient_id,
        reader,
        timepoint_date,
        STRING_AGG(exam_id, '+' ORDER BY exam_number) AS exam_ids
    FROM scope.timepoint_exam
    WHERE after_treatment
    GROUP BY patient_id, reader, timepoint_date
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
    gathered.exam_ids,
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
    COALESCE(liver.response, settled.response) AS hepatic_response,
    CASE WHEN liver.response IS NULL THEN settled.progression_date ELSE liver.progression_date END
        AS hepatic_progression_date,
    CASE WHEN liver.response IS NULL THEN settled.progression_exam_id ELSE liver.progression_exam_id END
        AS hepatic_progression_exam_id
FROM settled
INNER JOIN gathered
    ON
        settled.patient_id = gathered.patient_id
        AND settled.reader = gathered.reader
        AND settled.timepoint_date = gathered.timepoint_date
LEFT JOIN settled AS liver
    ON
        settled.patient_id = liver.patient_id
        AND settled.reader = liver.reader
        AND settled.criteria = liver.criteria
        AND settled.timepoint_date = liver.timepoint_date
        AND liver.region = 'liver'
LEFT JOIN baseline
    ON settled.patient_id = baseline.patient_id AND settled.reader = baseline.reader AND baseline.place = 1
WHERE settled.region = 'all'
