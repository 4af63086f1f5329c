-- From every patient of the registry to the analysed ones. A criterion that does not exclude is counted, and all pass.
WITH stopped AS (
    SELECT
        e.patient_id,
        MIN(c.step) FILTER (WHERE c.excludes AND NOT e.met) AS excluded_at,
        MIN(c.step) FILTER (WHERE NOT e.met) AS missed_at
    FROM derived.eligibility AS e
    INNER JOIN reference.eligibility_criterion AS c ON e.criterion = c.criterion
    GROUP BY e.patient_id
),

judged AS (
    SELECT
        c.step,
        c.criterion,
        e.patient_id,
        e.met
    FROM reference.eligibility_criterion AS c
    LEFT JOIN derived.eligibility AS e ON c.criterion = e.criterion
)

SELECT
    j.step,
    j.criterion,
    COUNT(s.patient_id) FILTER (WHERE s.excluded_at IS NULL OR s.excluded_at >= j.step) AS patients_in,
    COUNT(s.patient_id) FILTER (WHERE s.excluded_at IS NULL OR s.excluded_at > j.step) AS patients_out,
    COUNT(s.patient_id) FILTER (
        WHERE NOT j.met AND (s.excluded_at IS NULL OR s.excluded_at >= j.step)
    ) AS patients_not_met,
    COUNT(s.patient_id) FILTER (
        WHERE j.met IS NULL AND (s.excluded_at IS NULL OR s.excluded_at >= j.step)
    ) AS patients_unknown,
    COUNT(s.patient_id) FILTER (WHERE s.missed_at IS NULL OR s.missed_at > j.step) AS patients_eligible
FROM judged AS j
LEFT JOIN stopped AS s ON j.patient_id = s.patient_id
GROUP BY j.step, j.criterion
