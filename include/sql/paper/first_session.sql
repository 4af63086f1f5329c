SELECT
    counted.measure,
    total.n,
    counted.n AS count
FROM marts.treatment_exposure AS counted
INNER JOIN marts.treatment_exposure AS total ON total.measure = 'procedures_per_patient'
