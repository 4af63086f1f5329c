{% set shown = 13 %}
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

series AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY site, feed, column_name, analyte, measure, code) AS series_number,
        MAX(last_month) OVER (PARTITION BY site, feed) AS latest
    FROM (
        SELECT
            site,
            source,
            feed,
            column_name,
            analyte,
            measure,
            code,
            MAX(unit) AS unit,
            MAX(small_cell) AS least,
            MAX(month) AS last_month,
            MAX(patients) AS most
        FROM marts.column_month
        GROUP BY site, source, feed, column_name, analyte, measure, code
    ) AS told
    WHERE most > 0 OR measure = 'filled'
),

back AS (
    SELECT 12 * y.n + m.n AS months
    FROM (VALUES (0), (1), (2), (3)) AS y (n)
    CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) AS m (n)
),

seen AS (
    SELECT
        s.series_number,
        b.months AS back,
        c.patients,
        COALESCE(c.denominator, f.patients) AS denominator,
        CASE
            WHEN s.measure = 'filled' THEN 100.0 * COALESCE(c.patients, 0) / c.denominator
            WHEN s.measure = 'code' THEN 100.0 * COALESCE(c.patients, 0) / NULLIF(f.patients, 0)
            ELSE c.value
        END AS figure
    FROM series AS s
    CROSS JOIN back AS b
    LEFT JOIN marts.column_month AS c
        ON
            s.site = c.site
            AND s.feed = c.feed
            AND s.column_name = c.column_name
            AND s.analyte = c.analyte
            AND s.measure = c.measure
            AND s.code = c.code
            AND CAST(s.latest - b.months * INTERVAL '1' MONTH AS DATE) = c.month
    LEFT JOIN marts.column_month AS f
        ON
            s.measure = 'code'
            AND f.measure = 'filled'
            AND s.site = f.site
            AND s.feed = f.feed
            AND s.column_name = f.column_name
            AND CAST(s.latest - b.months * INTERVAL '1' MONTH AS DATE) = f.month
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
    WHERE m.back < {{ shown }} AND m.denominator >= o.least_patients AND e.denominator >= o.least_patients
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
        n.back,
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
    INNER JOIN seen AS n ON s.series_number = n.series_number AND n.back < {{ shown }}
    CROSS JOIN limit_of AS o
    LEFT JOIN middle AS m ON n.series_number = m.series_number AND n.back = m.back
    LEFT JOIN deviation AS d ON n.series_number = d.series_number AND n.back = d.back
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
