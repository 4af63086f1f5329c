WITH
timepoint_order AS (
    SELECT
        o.timepoint,
        o.place
    FROM (VALUES ('baseline', 1), ('day_1', 2), ('day_5', 3), ('month_2', 4)) AS o (timepoint, place)
),

exact AS (
    SELECT
        t.patient_id,
        t.analyte,
        t.timepoint,
        o.place,
        t.value
    FROM derived.lab_timepoint AS t
    INNER JOIN timepoint_order AS o ON t.timepoint = o.timepoint
    WHERE t.comparator IS NULL
    UNION ALL
    SELECT
        k.patient_id,
        'clearance_' || k.formula AS analyte,
        k.timepoint,
        o.place,
        k.clearance AS value
    FROM derived.kidney_function AS k
    INNER JOIN timepoint_order AS o ON k.timepoint = o.timepoint
)

SELECT
    f.analyte,
    f.timepoint AS from_timepoint,
    t.timepoint AS to_timepoint,
    COUNT(*) AS pairs,
    AVG(t.value - f.value) AS mean_difference,
    STDDEV_SAMP(t.value - f.value) AS sd_difference
FROM exact AS f
INNER JOIN exact AS t ON f.patient_id = t.patient_id AND f.analyte = t.analyte AND f.place < t.place
GROUP BY f.analyte, f.timepoint, t.timepoint
