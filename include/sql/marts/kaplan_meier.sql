-- The study's rules with its mRECIST; from diagnosis, patients are at risk from their entry on. A curve begins at
-- (0, 1), and where somebody has the event on day 0, time 0 has a second row. Before the first event log-log knows no
-- band: S is 1.
WITH curve AS (
    SELECT
        endpoint,
        stratification,
        stratum,
        immortal_time,
        time_months,
        at_risk,
        events,
        censored,
        survival,
        CASE WHEN survival = 1 THEN 1 ELSE ci_low END AS ci_low,
        CASE WHEN survival = 1 THEN 1 ELSE ci_high END AS ci_high
    FROM marts.survival_curve
    WHERE
        rule = 'study' AND criteria IN ('none', 'mrecist') AND ci_method = 'log-log'
        AND (endpoint <> 'os_diagnosis' OR entry = 'delayed' OR NOT immortal_time)
),

step AS (
    SELECT
        curve.*,
        1 AS place
    FROM curve
    WHERE time_months > 0 OR events > 0
    UNION ALL
    SELECT
        endpoint,
        stratification,
        stratum,
        immortal_time,
        time_months,
        at_risk,
        events,
        CASE WHEN events = 0 THEN censored ELSE 0 END AS censored,
        1 AS survival,
        1 AS ci_low,
        1 AS ci_high,
        0 AS place
    FROM curve
    WHERE time_months = 0
)

SELECT
    step.endpoint,
    COALESCE(endpoint_label.label, step.endpoint) AS endpoint_label,
    step.stratification,
    COALESCE(stratum_label.stratification_label, step.stratification) AS stratification_label,
    step.stratum,
    COALESCE(stratum_label.stratum_label, step.stratum) AS stratum_label,
    stratum_label.sort_order,
    step.immortal_time,
    ROW_NUMBER() OVER (
        PARTITION BY step.endpoint, step.stratification, step.stratum ORDER BY step.time_months, step.place
    ) AS step,
    step.time_months,
    step.survival,
    step.ci_low,
    step.ci_high,
    step.at_risk,
    step.censored
FROM step
LEFT JOIN reference.endpoint_label AS endpoint_label ON step.endpoint = endpoint_label.endpoint
LEFT JOIN reference.stratum_label AS stratum_label
    ON step.stratification = stratum_label.stratification AND step.stratum = stratum_label.stratum
