SELECT
    endpoint,
    patients AS n,
    events AS count
FROM marts.survival_summary
WHERE
    rule = 'study' AND criteria IN ('none', 'mrecist') AND entry = 'time zero'
    AND stratification = 'all' AND ci_method = 'plain'
