{% from 'reference/unit_factor.sql' import unit_factor with context %}
{% set is_plausible %}
p.analyte IS NOT NULL
            AND COALESCE(r.reference_low <= r.reference_high, TRUE)
            AND COALESCE(r.reference_low * u.factor BETWEEN p.lower_from AND p.lower_to, TRUE)
            AND COALESCE(r.reference_high * u.factor BETWEEN p.upper_from AND p.upper_to, TRUE)
{%- endset %}
-- A code that no analyte claims keeps value and unit as they came; an analyte's unknown unit gives no value, and a
-- limit that has the comparator of the other limit is none. Limits of which one cannot be a laboratory's, or the lower
-- is above the upper, are in another unit or swapped: both are none. A result without an upper limit has those of its
-- site's laboratory for the patient's sex and age on that day; each condition of that join compares a side with the
-- other, for DuckDB hashes no others.
SELECT
    r.result_id,
    r.patient_id,
    r.collected_at,
    r.collected_at_instant,
    r.collected_at_precision,
    CAST(r.collected_at AS DATE) AS collected_on,
    r.test_code,
    a.analyte,
    r.value_comparator AS comparator,
    CASE WHEN a.analyte IS NULL THEN r.value_number ELSE r.value_number * u.factor END AS value,
    COALESCE(u.canonical_unit, r.unit) AS unit,
    CASE
        WHEN r.reference_low_comparator IN ('<', '<=') THEN NULL
        WHEN r.reference_low IS NULL THEN s.lln
        WHEN a.analyte IS NULL THEN r.reference_low
        WHEN {{ is_plausible }} THEN r.reference_low * u.factor
    END AS lln,
    CASE
        WHEN r.reference_high_comparator IN ('>', '>=') THEN NULL
        WHEN r.reference_high IS NULL THEN s.uln
        WHEN a.analyte IS NULL THEN r.reference_high
        WHEN {{ is_plausible }} THEN r.reference_high * u.factor
    END AS uln,
    CASE WHEN s.site IS NOT NULL THEN TRUE WHEN r.reference_high IS NOT NULL THEN FALSE END AS has_site_limit
FROM clinical.current_results AS r
LEFT JOIN reference.analyte_code AS a ON r.test_code = a.loinc
LEFT JOIN ({{ unit_factor('resolved.spelling') }}) AS u ON a.analyte = u.analyte AND r.unit = u.spelling
LEFT JOIN reference.plausible_limit AS p ON a.analyte = p.analyte
LEFT JOIN (
    SELECT
        l.site,
        l.test_code,
        g.patient_id,
        CASE WHEN b.analyte IS NULL THEN l.unit ELSE '' END AS own_unit,
        CASE WHEN b.analyte IS NULL THEN l.low ELSE l.low * v.factor END AS lln,
        CASE WHEN b.analyte IS NULL THEN l.high ELSE l.high * v.factor END AS uln,
        GREATEST(l.valid_from, CAST(g.birth_date + l.age_from * INTERVAL '1' YEAR AS DATE)) AS from_day,
        LEAST(l.valid_to, CAST(g.birth_date + l.age_to * INTERVAL '1' YEAR AS DATE)) AS before_day
    FROM ops.site_limit AS l
    INNER JOIN clinical.current_patients AS g ON l.sex IN ('', g.sex)
    LEFT JOIN reference.analyte_code AS b ON l.test_code = b.loinc
    LEFT JOIN ({{ unit_factor('ops.site_limit') }}) AS v ON b.analyte = v.analyte AND l.unit = v.spelling
    WHERE l.doubt IS NULL
) AS s
    ON
        r.patient_id = s.patient_id
        AND CASE WHEN r.reference_high IS NULL THEN r.test_code END = s.test_code
        AND SPLIT_PART(r.result_id, ':', 1) = s.site
        AND CAST(r.collected_at AS DATE) >= s.from_day
        AND CAST(r.collected_at AS DATE) < s.before_day
        AND CASE WHEN a.analyte IS NULL THEN r.unit ELSE '' END = s.own_unit
