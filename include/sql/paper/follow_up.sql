SELECT
    n,
    mean,
    sd,
    median,
    min,
    max
FROM marts.follow_up
WHERE measure = 'observed'
