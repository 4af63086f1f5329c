-- Limits are rounded to 6 decimals: those of a converted unit are not alike to the last digit.
SELECT
    analyte,
    unit,
    CAST(CAST(lln AS NUMERIC(18, 6)) AS DOUBLE PRECISION) AS lower_limit,
    CAST(CAST(uln AS NUMERIC(18, 6)) AS DOUBLE PRECISION) AS upper_limit,
    COUNT(*) AS results
FROM derived.lab_timepoint
WHERE analyte IN (SELECT l.analyte FROM reference.toxicity_limit AS l) AND COALESCE(lln, uln) IS NOT NULL
GROUP BY
    analyte,
    unit,
    CAST(CAST(lln AS NUMERIC(18, 6)) AS DOUBLE PRECISION),
    CAST(CAST(uln AS NUMERIC(18, 6)) AS DOUBLE PRECISION)
