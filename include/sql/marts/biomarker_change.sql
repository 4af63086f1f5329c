WITH
paired AS (
    SELECT
        analyte,
        before,
        after,
        before_comparator IS NULL AND after_comparator IS NULL AS is_exact,
        response
    FROM derived.biomarker_change
    WHERE before IS NOT NULL AND after IS NOT NULL
)

SELECT
    analyte,
    COUNT(*) FILTER (WHERE is_exact) AS pairs,
    AVG(before) FILTER (WHERE is_exact) AS mean_before,
    AVG(after) FILTER (WHERE is_exact) AS mean_after,
    AVG(after - before) FILTER (WHERE is_exact) AS mean_difference,
    STDDEV_SAMP(after - before) FILTER (WHERE is_exact) AS sd_difference,
    COUNT(*) FILTER (WHERE response = 'responder') AS responders,
    COUNT(response) AS evaluable
FROM paired
GROUP BY analyte
