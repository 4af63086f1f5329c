-- Each score is a sum of terms of reference.liver_score_term, rounded to a whole number; MELD-Na adds sodium to that. A
-- score that a component is missing for is null and names it. Numerics add up to the same sum in any order.
WITH
moment AS (
    SELECT
        s.procedure_id,
        s.patient_id,
        v.moment,
        CASE p.sex WHEN 'female' THEN 1 WHEN 'male' THEN 0 END AS female
    FROM scope.treatment_session AS s
    INNER JOIN scope.patients AS p ON s.patient_id = p.patient_id
    CROSS JOIN (VALUES ('before'), ('after')) AS v (moment)
),

known AS (
    SELECT
        procedure_id,
        moment,
        component,
        value
    FROM scope.session_component
    UNION ALL
    SELECT
        m.procedure_id,
        m.moment,
        c.component,
        c.value
    FROM moment AS m
    CROSS JOIN LATERAL (VALUES ('CONSTANT', 1), ('FEMALE', m.female)) AS c (component, value)
),

found AS (
    SELECT
        m.procedure_id,
        m.moment,
        c.score,
        c.component,
        COALESCE(own.component, other.component) AS found_component,
        COALESCE(own.value, other.value) / COALESCE(u.factor, 1) AS value,
        c.enters_as,
        c.lower,
        c.upper
    FROM moment AS m
    INNER JOIN reference.liver_score_component AS c ON c.in_place_of IS NULL
    LEFT JOIN reference.liver_score_component AS i ON c.score = i.score AND c.component = i.in_place_of
    LEFT JOIN known AS own
        ON m.procedure_id = own.procedure_id AND m.moment = own.moment AND c.component = own.component
    LEFT JOIN known AS other
        ON m.procedure_id = other.procedure_id AND m.moment = other.moment AND i.component = other.component
    LEFT JOIN reference.unit_conversion AS u ON c.component = u.analyte AND c.unit = u.unit
),

bounded AS (
    SELECT
        *,
        CASE WHEN value < lower THEN lower WHEN value > upper THEN upper ELSE value END AS within
    FROM found
),

entering AS (
    SELECT
        b.procedure_id,
        b.moment,
        b.score,
        b.component,
        CASE b.enters_as
            WHEN 'points' THEN CAST(c.category AS DOUBLE PRECISION)
            WHEN 'logarithm' THEN LN(b.within)
            WHEN 'deficit' THEN b.upper - b.within
            ELSE b.within
        END AS value
    FROM bounded AS b
    LEFT JOIN reference.class_range AS c
        ON
            c.characteristic = CASE b.enters_as WHEN 'points' THEN b.score || '_' || LOWER(b.found_component) END
            AND b.within >= c.from_value
            AND b.within < c.below_value
),

complete AS (
    SELECT
        procedure_id,
        moment,
        score,
        MAX(value) FILTER (WHERE component = 'SODIUM') AS sodium_deficit,
        STRING_AGG(component, ',' ORDER BY component) FILTER (WHERE value IS NULL) AS missing
    FROM entering
    GROUP BY procedure_id, moment, score
),

summed AS (
    SELECT
        a.procedure_id,
        a.moment,
        a.score,
        ROUND(SUM(CAST(t.coefficient * a.value * b.value AS NUMERIC(24, 9)))) AS points
    FROM reference.liver_score_term AS t
    INNER JOIN entering AS a ON t.score = a.score AND t.component = a.component
    INNER JOIN entering AS b
        ON a.procedure_id = b.procedure_id AND a.moment = b.moment AND t.score = b.score AND t.times = b.component
    GROUP BY a.procedure_id, a.moment, a.score
),

-- Sodium counts in MELD-Na above a MELD.
scored AS (
    SELECT
        m.procedure_id,
        m.moment,
        m.patient_id,
        c.score,
        c.missing,
        r.classes,
        r.highest,
        CASE
            WHEN c.missing IS NOT NULL THEN NULL
            WHEN c.score = 'meld_na' AND s.points > above.value
                THEN
                    ROUND(
                        CAST(
                            s.points + c.sodium_deficit * (sodium.value - by_meld.value * s.points) AS NUMERIC(24, 9)
                        )
                    )
            ELSE s.points
        END AS points
    FROM moment AS m
    INNER JOIN complete AS c ON m.procedure_id = c.procedure_id AND m.moment = c.moment
    INNER JOIN summed AS s ON c.procedure_id = s.procedure_id AND c.moment = s.moment AND c.score = s.score
    INNER JOIN reference.liver_score AS r ON c.score = r.score
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
