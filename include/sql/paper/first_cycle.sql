-- Patients by the sessions of their first cycle; sequential = more than one session.
WITH total AS (
    SELECT n
    FROM marts.treatment_exposure
    WHERE measure = 'first_cycle_sessions'
),

by_sessions AS (
    SELECT
        SUBSTRING(measure, 22, 1) AS sessions,
        mean,
        n
    FROM marts.treatment_exposure
    WHERE measure LIKE 'first_cycle_sessions_%'
),

listed AS (
    SELECT
        sessions,
        n
    FROM by_sessions
    UNION ALL
    SELECT
        'sequential' AS sessions,
        SUM(n) AS n
    FROM by_sessions
    WHERE mean > 1
)

SELECT
    listed.sessions,
    total.n,
    listed.n AS count,
    100 * CAST(listed.n AS DOUBLE PRECISION) / total.n AS pct
FROM listed
CROSS JOIN total
