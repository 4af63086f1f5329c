WITH counted AS (
    SELECT
        moment,
        albi_grade,
        COUNT(*) AS procedures
    FROM derived.albi
    GROUP BY moment, albi_grade
)

SELECT
    moment,
    albi_grade,
    procedures,
    SUM(procedures) OVER (PARTITION BY moment) AS denominator,
    100.0 * procedures / SUM(procedures) OVER (PARTITION BY moment) AS percent
FROM counted
