SELECT
    assessment,
    response,
    patients,
    denominator AS evaluable,
    percent,
    ci_low,
    ci_high
FROM marts.response_rate
WHERE
    criteria = 'mrecist'
    AND stratification = 'all'
    AND denominator_kind = 'evaluable'
    AND response IN ('CR', 'PR', 'OR', 'DCR')
    AND assessment IN ('first_cycle', 'final', 'best')
ORDER BY
    CASE assessment WHEN 'first_cycle' THEN 1 WHEN 'best' THEN 2 ELSE 3 END ASC,
    CASE response WHEN 'CR' THEN 1 WHEN 'PR' THEN 2 WHEN 'OR' THEN 3 ELSE 4 END ASC
