-- The estimated clearance is graded as the measured one.
SELECT DISTINCT
    l.criteria,
    COALESCE('clearance_' || f.formula, l.analyte) AS analyte,
    l.term,
    CASE WHEN l.comparator IN ('<', '<=') THEN -1 ELSE 1 END AS direction
FROM reference.toxicity_limit AS l
LEFT JOIN (
    SELECT
        formula,
        'CRCL' AS analyte
    FROM reference.egfr_formula
    UNION ALL
    SELECT
        NULL AS formula,
        'CRCL' AS analyte
) AS f ON l.analyte = f.analyte
