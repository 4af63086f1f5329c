SELECT
    endpoint,
    population,
    n,
    mean,
    sd,
    median,
    min,
    max
FROM marts.observed_time
WHERE rule = 'study' AND criteria IN ('none', 'mrecist')
