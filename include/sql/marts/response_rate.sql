WITH assessed AS (
    SELECT
        patient_id,
        assessment,
        criteria,
        response
    FROM derived.course_response
    UNION ALL
    SELECT
        patient_id,
        CASE WHEN confirmed THEN 'best_confirmed' ELSE 'best' END AS assessment,
        criteria,
        response
    FROM derived.best_response
),

treated AS (
    SELECT DISTINCT patient_id
    FROM derived.treatment_cycle
),

member AS (
    SELECT
        stratum.patient_id,
        stratum.stratification,
        stratum.stratum,
        stratum.immortal_time
    FROM derived.patient_stratum AS stratum
    INNER JOIN treated ON stratum.patient_id = treated.patient_id
    UNION ALL
    SELECT
        stratum.patient_id,
        stratum.stratification,
        stratum.stratum,
        FALSE AS immortal_time
    FROM derived.landmark_stratum AS stratum
    INNER JOIN treated ON stratum.patient_id = treated.patient_id
    INNER JOIN derived.follow_up AS follow_up
        ON stratum.patient_id = follow_up.patient_id AND stratum.landmark_date < follow_up.last_contact
),

stratum_size AS (
    SELECT
        stratification,
        stratum,
        BOOL_OR(immortal_time) AS immortal_time,
        COUNT(*) AS treated
    FROM member
    GROUP BY stratification, stratum
),

response_count AS (
    SELECT
        member.stratification,
        member.stratum,
        assessed.assessment,
        assessed.criteria,
        COUNT(*) FILTER (WHERE assessed.response = 'CR') AS cr,
        COUNT(*) FILTER (WHERE assessed.response = 'PR') AS pr,
        COUNT(*) FILTER (WHERE assessed.response = 'SD') AS sd,
        COUNT(*) FILTER (WHERE assessed.response = 'PD') AS pd,
        COUNT(*) FILTER (WHERE assessed.response = 'NON_CR_NON_PD') AS non_cr_non_pd,
        COUNT(*) FILTER (WHERE assessed.response <> 'NE') AS evaluable
    FROM member
    INNER JOIN assessed ON member.patient_id = assessed.patient_id
    GROUP BY member.stratification, member.stratum, assessed.assessment, assessed.criteria
),

grid (assessment, criteria) AS (
    VALUES
    ('first_cycle', 'mrecist'),
    ('first_cycle', 'recist_1_1'),
    ('final', 'mrecist'),
    ('final', 'recist_1_1'),
    ('best', 'mrecist'),
    ('best', 'recist_1_1'),
    ('best_confirmed', 'mrecist'),
    ('best_confirmed', 'recist_1_1')
),

cell AS (
    SELECT
        grid.assessment,
        grid.criteria,
        stratum_size.stratification,
        stratum_size.stratum,
        stratum_size.immortal_time,
        stratum_size.treated,
        COALESCE(response_count.cr, 0) AS cr,
        COALESCE(response_count.pr, 0) AS pr,
        COALESCE(response_count.sd, 0) AS sd,
        COALESCE(response_count.pd, 0) AS pd,
        COALESCE(response_count.non_cr_non_pd, 0) AS non_cr_non_pd,
        COALESCE(response_count.evaluable, 0) AS evaluable
    FROM stratum_size
    CROSS JOIN grid
    LEFT JOIN response_count
        ON
            stratum_size.stratification = response_count.stratification
            AND stratum_size.stratum = response_count.stratum
            AND grid.assessment = response_count.assessment
            AND grid.criteria = response_count.criteria
),

-- A treated patient without an evaluable exam is not evaluable, whether or not there was an exam.
counted AS (
    SELECT
        cell.assessment,
        cell.criteria,
        cell.stratification,
        cell.stratum,
        cell.immortal_time,
        outcome.response,
        outcome.sort_order,
        population.denominator_kind,
        outcome.patients,
        population.denominator
    FROM cell
    CROSS JOIN
        LATERAL (VALUES ('evaluable', cell.evaluable), ('treated', cell.treated))
            AS population (denominator_kind, denominator)
    CROSS JOIN LATERAL (
        VALUES
        (1, 'CR', cell.cr),
        (2, 'PR', cell.pr),
        (3, 'SD', cell.sd),
        (4, 'PD', cell.pd),
        (5, 'NE', population.denominator - cell.evaluable),
        (6, 'OR', cell.cr + cell.pr),
        (7, 'DCR', cell.cr + cell.pr + cell.sd),
        (8, 'NON_CR_NON_PD', cell.non_cr_non_pd)
    ) AS outcome (sort_order, response, patients)
)

SELECT
    assessment,
    criteria,
    stratification,
    stratum,
    response,
    patients,
    denominator_kind,
    denominator,
    immortal_time,
    sort_order
FROM counted
