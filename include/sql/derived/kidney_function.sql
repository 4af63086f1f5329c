{% from 'derived/clearance.sql' import graded_clearance with context %}
{% from 'derived/grading.sql' import as_texts with context %}
-- Creatinine clearance at each time point by each formula, and its toxicity grades; not estimated from a censored
-- creatinine.
-- noqa: disable=LT02
WITH
{{ graded_clearance("lab_timepoint", ["timepoint"]) }}

SELECT
    e.patient_id,
    e.formula,
    e.timepoint,
    e.clearance,
    l.category AS clearance_class,
    e.result_id,
{{ as_texts() }}
FROM graded AS e
LEFT JOIN reference.class_range AS l
    ON l.characteristic = 'creatinine_clearance' AND e.clearance >= l.from_value AND e.clearance < l.below_value
