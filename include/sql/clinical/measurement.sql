{% from 'reference/unit_factor.sql' import unit_factor with context %}
-- A code that no analyte claims keeps value and unit as they came; an analyte's unknown unit gives no value, and a
-- limit that no laboratory can have for it is none.
SELECT
    r.result_id,
    r.patient_id,
    r.collected_at,
    CAST(r.collected_at AS DATE) AS collected_on,
    r.test_code,
    a.analyte,
    r.value_comparator AS comparator,
    CASE WHEN a.analyte IS NULL THEN r.value_number ELSE r.value_number * u.factor END AS value,
    COALESCE(u.canonical_unit, r.unit) AS unit,
    CASE
        WHEN a.analyte IS NULL THEN r.reference_low
        WHEN r.reference_low * u.factor BETWEEN p.lower_from AND p.lower_to THEN r.reference_low * u.factor
    END AS lln,
    CASE
        WHEN a.analyte IS NULL THEN r.reference_high
        WHEN r.reference_high * u.factor BETWEEN p.upper_from AND p.upper_to THEN r.reference_high * u.factor
    END AS uln
FROM {{ results }} AS r
LEFT JOIN reference.analyte_code AS a ON r.test_code = a.loinc
LEFT JOIN reference.plausible_limit AS p ON a.analyte = p.analyte
LEFT JOIN ({{ unit_factor(results) }}) AS u ON a.analyte = u.analyte AND r.unit = u.spelling
