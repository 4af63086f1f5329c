SELECT
    criteria,
    criteria_label,
    analyte,
    term,
    period,
    baseline_grade,
    worst_grade,
    at_least,
    patients
FROM marts.toxicity_worst
