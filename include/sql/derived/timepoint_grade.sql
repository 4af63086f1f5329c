-- The grades of what stands for each time point, those of the clearance that is estimated from the creatinine included.
SELECT
    t.patient_id,
    t.analyte,
    g.direction,
    t.timepoint,
    t.result_id,
    g.grades_at_least,
    g.grades_at_most,
    COALESCE(b.baseline_too_old, FALSE) AS baseline_too_old
FROM scope.graded_result AS g
INNER JOIN scope.lab_timepoint AS t ON g.patient_id = t.patient_id AND g.result_id = t.result_id
LEFT JOIN scope.lab_timepoint AS b
    ON t.patient_id = b.patient_id AND t.analyte = b.analyte AND b.timepoint = 'baseline'
UNION ALL
SELECT
    patient_id,
    'clearance_' || formula AS analyte,
    -1 AS direction,
    timepoint,
    result_id,
    grades_at_least,
    grades_at_most,
    FALSE AS baseline_too_old
FROM scope.kidney_function
