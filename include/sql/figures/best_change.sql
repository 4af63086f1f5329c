-- A bar a patient, from the largest rise to the deepest fall, then those whose change cannot be told; the last columns
-- order patients with the same change.
WITH outcome AS (
    SELECT
        best_change_percent,
        COALESCE(best_response, 'NE') AS best_response,
        new_lesion_months IS NOT NULL AS new_lesion
    FROM marts.patient_outcome
)

SELECT
    best_change_percent,
    best_response,
    new_lesion
FROM outcome
ORDER BY best_change_percent DESC NULLS LAST, best_response ASC NULLS LAST, new_lesion ASC NULLS LAST
