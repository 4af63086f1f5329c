-- Each score is a sum of terms of reference.liver_score_term, rounded to a whole number; MELD-Na adds sodium to that. A
-- score that a component is missing for is null and names it. Numerics add up to the same sum in any order.
WITH
known AS (
    SELECT
        procedure_id,
        patient_id,
        moment,
        component,
        value
    FROM scope.session_component
    UNION ALL
    SELECT
        s.procedure_id,
        s.patient_id,
        v.moment,
        c.component,
        c.value
    FROM scope.treatment_session AS s
    INNER JOIN scope.patients AS p ON s.patient_id = p.patient_id
    CROSS JOIN (VALUES ('before'), ('after')) AS v (moment)
    CROSS JOIN
        LATERAL (VALUES ('CONSTANT', 1), ('FEMALE', CASE p.sex WHEN 'female' THEN 1 WHEN 'male' THEN 0 END))
            AS c (component, value)
),

found AS (
    SELECT
        k.procedure_id,
        k.patient_id,
        k.moment,
        c.score,
        COALESCE(c.in_place_of, c.component) AS component,
        c.enters_as,
        c.upper,
        CASE WHEN c.enters_as = 'points' THEN c.score || '_' || LOWER(k.component) END AS characteristic,
        CASE
            WHEN k.value / COALESCE(u.factor, 1) < c.lower THEN c.lower
            WHEN k.value / COALESCE(u.factor, 1) > c.upper THEN c.upper
            ELSE k.value / COALESCE(u.factor, 1)
        END AS within
    FROM known AS k
    INNER JOIN reference.liver_score_component AS c ON k.component = c.component
    LEFT JOIN reference.unit_conversion AS u ON c.component = u.analyte AND c.unit = u.unit
    LEFT JOIN scope.session_component AS own
        ON k.procedure_id = own.procedure_id AND k.moment = own.moment AND c.in_place_of = own.component
    WHERE own.component IS NULL
),

-- What enters the sums; each of a score's components has a bit.
component AS (
    SELECT
        score,
        component,
        CAST(POWER(2, ROW_NUMBER() OVER (PARTITION BY score ORDER BY component NULLS LAST)) AS BIGINT) AS bit
    FROM reference.liver_score_component
    WHERE in_place_of IS NULL
),

entering AS (
    SELECT
        f.procedure_id,
        f.patient_id,
        f.moment,
        f.score,
        f.component,
        i.bit,
        CASE f.enters_as
            WHEN 'points' THEN CAST(c.category AS DOUBLE PRECISION)
            WHEN 'logarithm' THEN LN(f.within)
            WHEN 'deficit' THEN f.upper - f.within
            ELSE f.within
        END AS value
    FROM found AS f
    INNER JOIN component AS i ON f.score = i.score AND f.component = i.component
    LEFT JOIN reference.class_range AS c
        ON f.characteristic = c.characteristic AND f.within >= c.from_value AND f.within < c.below_value
),

counted AS (
    SELECT
        procedure_id,
        patient_id,
        moment,
        score,
        MAX(value) FILTER (WHERE component = 'SODIUM') AS sodium_deficit,
        CAST(SUM(bit) FILTER (WHERE value IS NOT NULL) AS BIGINT) AS bits
    FROM entering
    GROUP BY procedure_id, patient_id, moment, score
),

lacking AS (
    SELECT
        n.score,
        n.bits,
        STRING_AGG(i.component, ',' ORDER BY i.component) AS missing
    FROM (
        SELECT DISTINCT
            score,
            bits
        FROM counted
    ) AS n
    INNER JOIN component AS i ON n.score = i.score AND (n.bits & i.bit) = 0
    GROUP BY n.score, n.bits
),

summed AS (
    SELECT
        n.procedure_id,
        n.moment,
        n.score,
        ROUND(SUM(CAST(t.coefficient * a.value * b.value AS NUMERIC(24, 9)))) AS points
    FROM counted AS n
    LEFT JOIN lacking AS l ON n.score = l.score AND n.bits = l.bits
    INNER JOIN reference.liver_score_term AS t ON n.score = t.score
    INNER JOIN entering AS a
        ON n.procedure_id = a.procedure_id AND n.moment = a.moment AND t.score = a.score AND t.component = a.component
    INNER JOIN entering AS b
        ON n.procedure_id = b.procedure_id AND n.moment = b.moment AND t.score = b.score AND t.times = b.component
    WHERE l.score IS NULL
    GROUP BY n.procedure_id, n.moment, n.score
),

-- Sodium counts in MELD-Na above a MELD.
scored AS (
    SELECT
        n.procedure_id,
        n.patient_id,
        n.moment,
        n.score,
        l.missing,
        r.classes,
        r.highest,
        CASE
            WHEN n.score = 'meld_na' AND s.points > above.value
                THEN
                    ROUND(
                        CAST(
                            s.points + n.sodium_deficit * (sodium.value - by_meld.value * s.points) AS NUMERIC(24, 9)
                        )
                    )
            ELSE s.points
        END AS points
    FROM counted AS n
    INNER JOIN reference.liver_score AS r ON n.score = r.score
    LEFT JOIN lacking AS l ON n.score = l.score AND n.bits = l.bits
    LEFT JOIN summed AS s ON n.procedure_id = s.procedure_id AND n.moment = s.moment AND n.score = s.score
    INNER JOIN reference.setting AS above ON above.name = 'meld_na_above'
    INNER JOIN reference.setting AS sodium ON sodium.name = 'meld_na_sodium'
    INNER JOIN reference.setting AS by_meld ON by_meld.name = 'meld_na_sodium_by_meld'
),

capped AS (
    SELECT
        *,
        CASE WHEN points > highest THEN highest ELSE points END AS capped_points
    FROM scored
)

SELECT
    s.procedure_id,
    s.moment,
    s.score,
    s.patient_id,
    CAST(s.capped_points AS BIGINT) AS points,
    c.category,
    s.missing
FROM capped AS s
LEFT JOIN reference.class_range AS c
    ON s.classes = c.characteristic AND s.capped_points >= c.from_value AND s.capped_points < c.below_value
