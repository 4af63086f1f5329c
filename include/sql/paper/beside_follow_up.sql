SELECT
    'follow-up' AS topic,
    'Median follow-up, months' AS measure,
    'observed' AS study_method,
    observed.median AS study_1,
    'reverse Kaplan-Meier' AS standard_method,
    estimated.median AS standard_1
FROM marts.follow_up AS observed
INNER JOIN marts.follow_up AS estimated ON estimated.measure = 'reverse_kaplan_meier'
WHERE observed.measure = 'observed'
