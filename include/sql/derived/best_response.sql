-- Best overall response up to the first progression and before a new anticancer treatment, unconfirmed and confirmed.
-- An exam on the day on which that treatment starts comes before it.
WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'stable_disease_minimum_days') AS stable_days,
        CAST(MAX(value) FILTER (WHERE name = 'confirmation_minimum_days') AS INTEGER) AS confirmation_days
    FROM reference.setting
),

first_procedure AS (
    SELECT
        patient_id,
        MIN(performed_on) AS performed_on
    FROM scope.procedures
    GROUP BY patient_id
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

-- The counts run over the exams so far: their differences tell what lies between two exams.
assessed AS (
    SELECT
        assessed.patient_id,
        assessed.criteria,
        assessed.exam_id,
        assessed.exam_date,
        assessed.response,
        assessed.exam_date - first_procedure.performed_on AS days,
        COALESCE(assessed.exam_date <= new_treatment.started_on, TRUE) AS before_new_treatment,
        COUNT(*) FILTER (WHERE assessed.response = 'NE') OVER so_far AS not_evaluable_so_far,
        COUNT(*) FILTER (WHERE assessed.response = 'PD') OVER so_far AS progressions_so_far,
        COUNT(*) FILTER (WHERE assessed.response NOT IN ('CR', 'NE')) OVER so_far AS below_cr_so_far,
        COUNT(*) FILTER (WHERE assessed.response NOT IN ('CR', 'PR', 'NE')) OVER so_far AS below_pr_so_far
    FROM scope.timepoint_response AS assessed
    INNER JOIN first_procedure ON assessed.patient_id = first_procedure.patient_id
    LEFT JOIN new_treatment ON assessed.patient_id = new_treatment.patient_id
    WHERE assessed.reader = 'registry'
    WINDOW so_far AS (
        PARTITION BY assessed.patient_id, assessed.criteria
        ORDER BY assessed.exam_date NULLS LAST, assessed.exam_id NULLS LAST
    )
),

counted AS (
    SELECT *
    FROM assessed
    WHERE
        before_new_treatment
        AND (progressions_so_far = 0 OR (progressions_so_far = 1 AND response = 'PD'))
),

confirmed_exam AS (
    SELECT DISTINCT
        earlier.criteria,
        earlier.exam_id
    FROM counted AS earlier
    CROSS JOIN setting
    INNER JOIN counted AS later
        ON
            earlier.patient_id = later.patient_id
            AND earlier.criteria = later.criteria
            AND later.exam_date >= earlier.exam_date + setting.confirmation_days
            AND later.not_evaluable_so_far - earlier.not_evaluable_so_far <= 1
    WHERE
        (
            earlier.response = 'CR'
            AND later.response = 'CR'
            AND later.below_cr_so_far = earlier.below_cr_so_far
        )
        OR (
            earlier.response = 'PR'
            AND later.response IN ('CR', 'PR')
            AND later.below_pr_so_far = earlier.below_pr_so_far
        )
),

variant AS (
    SELECT
        counted.*,
        FALSE AS confirmed,
        counted.response AS credited
    FROM counted
    UNION ALL
    SELECT
        counted.*,
        TRUE AS confirmed,
        CASE
            WHEN counted.response IN ('CR', 'PR') AND confirmed_exam.exam_id IS NULL THEN 'SD'
            ELSE counted.response
        END AS credited
    FROM counted
    LEFT JOIN confirmed_exam
        ON counted.criteria = confirmed_exam.criteria AND counted.exam_id = confirmed_exam.exam_id
),

-- Stability is credited only from a minimum time on.
credited AS (
    SELECT
        variant.patient_id,
        variant.criteria,
        variant.confirmed,
        variant.exam_id,
        variant.exam_date,
        CASE
            WHEN variant.credited IN ('SD', 'NON_CR_NON_PD') AND variant.days < setting.stable_days THEN 'NE'
            ELSE variant.credited
        END AS response
    FROM variant
    CROSS JOIN setting
),

ranked AS (
    SELECT
        credited.*,
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
                exam_date NULLS LAST,
                exam_id NULLS LAST
        ) AS place
    FROM credited
),

-- Every assessed patient has a best response; without an exam that counts it is not evaluable.
patient AS (
    SELECT DISTINCT
        assessed.patient_id,
        assessed.criteria,
        either.confirmed
    FROM assessed
    CROSS JOIN (VALUES (FALSE), (TRUE)) AS either (confirmed)
)

SELECT
    patient.patient_id,
    patient.criteria,
    patient.confirmed,
    COALESCE(ranked.response, 'NE') AS response,
    ranked.exam_date AS response_date,
    ranked.exam_id
FROM patient
LEFT JOIN ranked
    ON
        patient.patient_id = ranked.patient_id
        AND patient.criteria = ranked.criteria
        AND patient.confirmed = ranked.confirmed
        AND ranked.place = 1
