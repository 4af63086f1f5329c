-- Each series of marts.column_month beside its months before, made of what that mart tells alone. A count that is
-- withheld is taken for 0, as a told one is for the step below it: so a share is off by a step of its patients at most,
-- and is unusual only by more than that. A month of which nothing is told has a row as well.
WITH
limit_of AS (
    SELECT
        MAX(CASE WHEN name = 'column_months' THEN value END) AS months,
        MAX(CASE WHEN name = 'column_least_months' THEN value END) AS least_months,
        MAX(CASE WHEN name = 'column_least_patients' THEN value END) AS least_patients,
        MAX(CASE WHEN name = 'column_deviations' THEN value END) AS deviations,
        MAX(CASE WHEN name = 'column_least_points' THEN value END) AS least_points,
        MAX(CASE WHEN name = 'column_least_percent' THEN value END) AS least_percent
    FROM reference.setting
),

told AS (
    SELECT
        *,
        DENSE_RANK() OVER (ORDER BY site, feed, column_name, analyte, measure, code) AS series_number,
        MAX(month) OVER (PARTITION BY site, feed) AS latest
    FROM marts.column_month
),

seen AS (
    SELECT
        series_number,
        CAST(
            12 * (EXTRACT(YEAR FROM latest) - EXTRACT(YEAR FROM month))
            + EXTRACT(MONTH FROM latest)
            - EXTRACT(MONTH FROM month) AS INTEGER
        ) AS back,
        patients,
        denominator,
        CASE
            WHEN measure = 'median' THEN value
            ELSE 100.0 * COALESCE(patients, 0) / NULLIF(denominator, 0)
        END AS figure
    FROM told
),

series AS (
    SELECT
        series_number,
        site,
        source,
        feed,
        column_name,
        analyte,
        measure,
        code,
        latest,
        MAX(unit) AS unit,
        MAX(small_cell) AS least
    FROM told
    GROUP BY series_number, site, source, feed, column_name, analyte, measure, code, latest
    HAVING MAX(patients) > 0 OR measure = 'filled'
),

back AS (
    SELECT CAST(m.n AS INTEGER) AS back
    FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS m (n)
),

earlier AS (
    SELECT
        m.series_number,
        m.back,
        e.figure,
        ROW_NUMBER() OVER (PARTITION BY m.series_number, m.back ORDER BY e.figure ASC) AS place,
        COUNT(*) OVER (PARTITION BY m.series_number, m.back) AS places
    FROM seen AS m
    CROSS JOIN limit_of AS o
    INNER JOIN seen AS e
        ON m.series_number = e.series_number AND m.back < e.back AND m.back + o.months >= e.back
    WHERE m.back <= 12 AND m.denominator >= o.least_patients AND e.denominator >= o.least_patients
),

middle AS (
    SELECT
        series_number,
        back,
        MAX(places) AS earlier_months,
        (
            MIN(CASE WHEN 2 * place >= places THEN figure END)
            + MAX(CASE WHEN 2 * (places + 1 - place) >= places THEN figure END)
        ) / 2 AS usual
    FROM earlier
    GROUP BY series_number, back
),

apart AS (
    SELECT
        e.series_number,
        e.back,
        ABS(e.figure - m.usual) AS figure,
        ROW_NUMBER() OVER (PARTITION BY e.series_number, e.back ORDER BY ABS(e.figure - m.usual) ASC) AS place,
        e.places
    FROM earlier AS e
    INNER JOIN middle AS m ON e.series_number = m.series_number AND e.back = m.back
),

deviation AS (
    SELECT
        series_number,
        back,
        1.4826 * (
            MIN(CASE WHEN 2 * place >= places THEN figure END)
            + MAX(CASE WHEN 2 * (places + 1 - place) >= places THEN figure END)
        ) / 2 AS usual_deviation
    FROM apart
    GROUP BY series_number, back
),

judged AS (
    SELECT
        s.*,
        b.back,
        n.patients,
        n.denominator,
        n.figure,
        s.measure IN ('filled', 'code') AS is_share,
        COALESCE(m.earlier_months, 0) AS earlier_months,
        CASE WHEN m.earlier_months >= o.least_months THEN m.usual END AS usual,
        GREATEST(
            o.deviations * d.usual_deviation,
            CASE
                WHEN s.measure IN ('filled', 'code') THEN GREATEST(o.least_points, 100.0 * s.least / n.denominator)
                ELSE o.least_percent * ABS(m.usual) / 100
            END
        ) AS allowed
    FROM series AS s
    CROSS JOIN back AS b
    LEFT JOIN seen AS n ON s.series_number = n.series_number AND b.back = n.back
    CROSS JOIN limit_of AS o
    LEFT JOIN middle AS m ON s.series_number = m.series_number AND b.back = m.back
    LEFT JOIN deviation AS d ON s.series_number = d.series_number AND b.back = d.back
)

SELECT
    CAST(latest - back * INTERVAL '1' MONTH AS DATE) AS month,
    site,
    source,
    feed,
    column_name,
    analyte,
    measure,
    code,
    patients,
    denominator,
    CASE WHEN NOT is_share OR patients IS NOT NULL OR least = 0 THEN figure END AS value,
    CASE WHEN NOT is_share OR usual > 0 OR least = 0 THEN usual END AS usual_value,
    CASE WHEN is_share THEN '%' ELSE unit END AS unit,
    CAST(earlier_months AS BIGINT) AS earlier_months,
    CASE
        WHEN figure IS NULL THEN 'withheld'
        WHEN usual IS NULL THEN 'too_few'
        WHEN figure > usual + allowed THEN 'high'
        WHEN figure < usual - allowed THEN 'low'
        ELSE 'usual'
    END AS state
FROM judged
