-- Best overall response up to the first progression and before a new anticancer treatment, unconfirmed and confirmed.
-- A response on the day on which that treatment starts comes before it.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'stable_disease_minimum_days') AS stable_days,
        MAX(value) FILTER (WHERE name = 'confirmation_minimum_days') AS confirmation_days
    FROM reference.setting
),

first_procedure AS (
    SELECT
        patient_id,
        performed_on
    FROM scope.treatment_session
    WHERE session_number = 1
),

new_treatment AS (
    SELECT
        treatments.patient_id,
        MIN(treatments.started_on) AS started_on
    FROM scope.treatments AS treatments
    INNER JOIN reference.anticancer_treatment AS anticancer ON treatments.kind = anticancer.kind
    INNER JOIN first_procedure
        ON treatments.patient_id = first_procedure.patient_id AND treatments.started_on > first_procedure.performed_on
    GROUP BY treatments.patient_id
),

dated AS (
    SELECT
        assessed.patient_id,
        assessed.criteria,
        assessed.timepoint_date,
        COALESCE(assessed.progression_exam_id, assessed.exam_id) AS exam_id,
        assessed.response_date,
        assessed.response,
        assessed.change_from_baseline_percent,
        assessed.response_date - first_procedure.performed_on AS days,
        COALESCE(assessed.response_date > new_treatment.started_on, FALSE) AS treated_anew
    FROM scope.timepoint_response AS assessed
    INNER JOIN first_procedure ON assessed.patient_id = first_procedure.patient_id
    LEFT JOIN new_treatment ON assessed.patient_id = new_treatment.patient_id
    WHERE assessed.reader = 'registry'
),

so_far AS (
    SELECT
        dated.*,
        COUNT(*) FILTER (WHERE response = 'PD') OVER exams_so_far AS progressions,
        COUNT(*) FILTER (WHERE response = 'NE') OVER exams_so_far AS not_evaluable,
        COUNT(*) FILTER (WHERE treated_anew OR response NOT IN ('CR', 'NE')) OVER exams_so_far AS cr_ended,
        COUNT(*) FILTER (WHERE treated_anew OR response NOT IN ('CR', 'PR', 'NE')) OVER exams_so_far AS pr_ended
    FROM dated
    WINDOW exams_so_far AS (PARTITION BY patient_id, criteria ORDER BY timepoint_date NULLS LAST)
),

-- The last repetition of a CR or PR that nothing worse and at most one NE separates from it.
repeated AS (
    SELECT
        so_far.*,
        MAX(CASE WHEN response = 'CR' THEN response_date END) OVER (
            PARTITION BY patient_id, criteria, cr_ended
            ORDER BY not_evaluable NULLS LAST
            RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING
        ) AS last_cr_on,
        MAX(response_date) OVER (
            PARTITION BY patient_id, criteria, pr_ended
            ORDER BY not_evaluable NULLS LAST
            RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING
        ) AS last_pr_on
    FROM so_far
    WHERE response IN ('CR', 'PR') AND NOT treated_anew
    UNION ALL
    SELECT
        so_far.*,
        NULL AS last_cr_on,
        NULL AS last_pr_on
    FROM so_far
    WHERE response NOT IN ('CR', 'PR') OR treated_anew
),

counted AS (
    SELECT
        repeated.*,
        CASE response WHEN 'CR' THEN last_cr_on ELSE last_pr_on END - response_date AS days_to_repetition,
        NOT treated_anew AND (progressions = 0 OR (progressions = 1 AND response = 'PD')) AS counts
    FROM repeated
),

-- An unconfirmed response is stable disease, and stability is credited only from a minimum time on.
credited AS (
    SELECT
        counted.patient_id,
        counted.criteria,
        either.confirmed,
        CASE WHEN counted.counts THEN counted.exam_id END AS exam_id,
        CASE WHEN counted.counts THEN counted.response_date END AS response_date,
        CASE WHEN counted.counts THEN counted.change_from_baseline_percent END AS change_percent,
        CASE
            WHEN NOT counted.counts THEN 'NE'
            WHEN
                counted.response IN ('CR', 'PR')
                AND (NOT either.confirmed OR counted.days_to_repetition >= setting.confirmation_days)
                THEN counted.response
            WHEN counted.response IN ('PD', 'NE') THEN counted.response
            WHEN counted.days < setting.stable_days THEN 'NE'
            WHEN counted.response = 'NON_CR_NON_PD' THEN 'NON_CR_NON_PD'
            ELSE 'SD'
        END AS response
    FROM counted
    CROSS JOIN setting
    CROSS JOIN (VALUES (FALSE), (TRUE)) AS either (confirmed)
),

ranked AS (
    SELECT
        credited.*,
        MIN(change_percent) OVER (PARTITION BY patient_id, criteria, confirmed) AS best_change_percent,
        ROW_NUMBER() OVER (
            PARTITION BY patient_id, criteria, confirmed
            ORDER BY
                CASE response
                    WHEN 'CR' THEN 1
                    WHEN 'PR' THEN 2
                    WHEN 'SD' THEN 3
                    WHEN 'NON_CR_NON_PD' THEN 4
                    WHEN 'PD' THEN 5
                    ELSE 6
                END NULLS LAST,
                response_date NULLS LAST,
                exam_id NULLS LAST
        ) AS place,
        FIRST_VALUE(response_date) OVER responses_first AS first_response_date,
        FIRST_VALUE(exam_id) OVER responses_first AS first_response_exam_id
    FROM credited
    WINDOW responses_first AS (
        PARTITION BY patient_id, criteria, confirmed
        ORDER BY
            CASE WHEN response IN ('CR', 'PR') THEN 1 ELSE 2 END NULLS LAST,
            response_date NULLS LAST,
            exam_id NULLS LAST
    )
)

SELECT
    patient_id,
    criteria,
    confirmed,
    response,
    response_date,
    exam_id,
    best_change_percent,
    CASE WHEN response IN ('CR', 'PR') THEN first_response_date END AS first_response_date,
    CASE WHEN response IN ('CR', 'PR') THEN first_response_exam_id END AS first_response_exam_id
FROM ranked
WHERE place = 1
