SELECT
    evaluable.assessment,
    evaluable.denominator AS count,
    treated.denominator AS n
FROM marts.response_rate AS evaluable
INNER JOIN marts.response_rate AS treated
    ON
        evaluable.assessment = treated.assessment
        AND evaluable.criteria = treated.criteria
        AND evaluable.stratification = treated.stratification
        AND evaluable.response = treated.response
WHERE
    evaluable.denominator_kind = 'evaluable'
    AND treated.denominator_kind = 'treated'
    AND evaluable.criteria = 'mrecist'
    AND evaluable.stratification = 'all'
    AND evaluable.response = 'OR'
