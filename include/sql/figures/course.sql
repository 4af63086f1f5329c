-- A lane a patient, from the shortest follow-up to the longest. Every column drawn takes part in the order, so that
-- patients who change places look the same.
SELECT
    best_response,
    os_months,
    os_event,
    pfs_months,
    pfs_event,
    response_months,
    last_session_months,
    new_lesion_months
FROM marts.patient_outcome
WHERE os_months IS NOT NULL
ORDER BY
    os_months ASC NULLS LAST,
    pfs_months ASC NULLS LAST,
    response_months ASC NULLS LAST,
    last_session_months ASC NULLS LAST,
    best_response ASC NULLS LAST,
    os_event ASC NULLS LAST,
    pfs_event ASC NULLS LAST,
    new_lesion_months ASC NULLS LAST
