-- reference.class_limit lists the classes, so one of no session is a row of 0.
WITH counted AS (
    SELECT
        moment,
        score,
        category,
        COUNT(*) AS procedures
    FROM derived.liver_score
    WHERE points IS NOT NULL
    GROUP BY moment, score, category
),

whole AS (
    SELECT
        moment,
        score,
        COUNT(points) AS denominator,
        COUNT(*) - COUNT(points) AS procedures_unknown,
        CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY points ASC NULLS LAST) AS DOUBLE PRECISION) AS median_points
    FROM derived.liver_score
    GROUP BY moment, score
)

SELECT
    r.score,
    w.moment,
    l.category,
    r.label AS score_label,
    COALESCE(c.procedures, 0) AS procedures,
    w.denominator,
    100.0 * COALESCE(c.procedures, 0) / NULLIF(w.denominator, 0) AS percent,
    w.procedures_unknown,
    w.median_points,
    10 * r.sort_order + l.sort_order AS sort_order
FROM whole AS w
INNER JOIN reference.liver_score AS r ON w.score = r.score
INNER JOIN reference.class_limit AS l ON r.classes = l.characteristic
LEFT JOIN counted AS c ON w.moment = c.moment AND w.score = c.score AND l.category = c.category
