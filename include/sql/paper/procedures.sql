SELECT
    procedure.denominator AS count,
    patient.denominator AS n
FROM marts.mortality_30_day AS procedure
INNER JOIN marts.mortality_30_day AS patient ON patient.unit = 'patient'
WHERE procedure.unit = 'procedure'
