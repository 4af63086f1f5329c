-- A bar a patient, from the largest rise to the deepest fall; the last columns order patients with the same change.
SELECT
    best_change_percent,
    best_response,
    pfs_event
FROM marts.patient_outcome
WHERE best_change_percent IS NOT NULL AND best_response IS NOT NULL
ORDER BY best_change_percent DESC NULLS LAST, best_response ASC NULLS LAST, pfs_event ASC NULLS LAST
