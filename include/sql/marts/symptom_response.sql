SELECT
    COUNT(response) FILTER (WHERE before <> 'none') AS patients,
    COUNT(*) FILTER (WHERE response = 'resolved') AS resolved,
    COUNT(*) FILTER (WHERE response = 'improved') AS improved,
    100.0 * COUNT(*) FILTER (WHERE response = 'resolved')
    / NULLIF(COUNT(response) FILTER (WHERE before <> 'none'), 0) AS percent_resolved,
    COUNT(*) FILTER (WHERE before IS NOT NULL AND after IS NOT NULL) AS pairs,
    COUNT(*) FILTER (WHERE before <> 'none' AND after = 'none') AS lost,
    COUNT(*) FILTER (WHERE before = 'none' AND after <> 'none') AS gained
FROM derived.symptom_response
