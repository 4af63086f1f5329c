-- Laboratory results in the registry's units, with the concepts of those LOINC codes and units that are known.
SELECT
    m.patient_id,
    COALESCE(c.concept_id, 0) AS measurement_concept_id,
    m.collected_on AS measurement_date,
    o.concept_id AS operator_concept_id,
    m.value AS value_as_number,
    COALESCE(u.concept_id, 0) AS unit_concept_id,
    m.lln AS range_low,
    m.uln AS range_high,
    m.test_code AS measurement_source_value,
    m.unit AS unit_source_value
FROM clinical.measurement AS m
LEFT JOIN reference.omop_concept AS c ON c.kind = 'loinc' AND m.test_code = c.code
LEFT JOIN reference.omop_concept AS o ON o.kind = 'operator' AND COALESCE(m.comparator, '=') = o.code
LEFT JOIN reference.omop_concept AS u ON u.kind = 'unit' AND m.unit = u.code
WHERE m.value IS NOT NULL
