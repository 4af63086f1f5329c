-- Sessions of a sequential first cycle and the weeks between them, from the fewest to the most.
SELECT
    MIN(mean) FILTER (WHERE measure LIKE 'first_cycle_sessions_%' AND mean > 1) AS values_sessions_1,
    MAX(mean) FILTER (WHERE measure LIKE 'first_cycle_sessions_%') AS values_sessions_2,
    MIN(min) FILTER (WHERE measure = 'first_cycle_interval' AND unit = 'wk') AS values_weeks_1,
    MAX(max) FILTER (WHERE measure = 'first_cycle_interval' AND unit = 'wk') AS values_weeks_2
FROM marts.treatment_exposure
