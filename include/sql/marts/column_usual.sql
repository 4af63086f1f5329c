-- Each series of marts.column_month beside its months before, made of what that mart tells alone. A count that is
-- withheld is taken for 0, as a told one is for the step below it: so a share is off by a step of its patients at most,
-- and is unusual only by more than that. A month of which nothing is told has a row as well. A month is judged once an
-- extract of the feed from after it is loaded: a patient has fewer rows in a part of a month.
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
        CAST(CASE
            WHEN measure = 'median' THEN value
            ELSE 100.0 * COALESCE(patients, 0) / NULLIF(denominator, 0)
        END AS DOUBLE PRECISION) AS figure
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
        e.figure
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
        COUNT(*) AS earlier_months,
        PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY figure) AS usual
    FROM earlier
    GROUP BY series_number, back
),

deviation AS (
    SELECT
        e.series_number,
        e.back,
        1.4826 * PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY ABS(e.figure - m.usual)) AS usual_deviation
    FROM earlier AS e
    INNER JOIN middle AS m ON e.series_number = m.series_number AND e.back = m.back
    GROUP BY e.series_number, e.back
),

judged AS (
    SELECT
        s.*,
        CAST(s.latest - b.back * INTERVAL '1' MONTH AS DATE) AS month,
        n.patients,
        n.denominator,
        n.figure,
        s.measure IN ('filled', 'code') AS is_share,
        COALESCE(m.earlier_months, 0) AS earlier_months,
        CASE WHEN m.earlier_months >= o.least_months THEN m.usual END AS usual,
        GREATEST(
            o.deviations * d.usual_deviation,
            CASE
                WHEN s.measure IN ('filled', 'code')
                    THEN GREATEST(o.least_points, 100.0 * s.least / NULLIF(n.denominator, 0))
                ELSE o.least_percent * ABS(m.usual) / 100
            END
        ) AS allowed
    FROM series AS s
    CROSS JOIN back AS b
    LEFT JOIN seen AS n ON s.series_number = n.series_number AND b.back = n.back
    CROSS JOIN limit_of AS o
    LEFT JOIN middle AS m ON s.series_number = m.series_number AND b.back = m.back
    LEFT JOIN deviation AS d ON s.series_number = d.series_number AND b.back = d.back
),

shown AS (
    SELECT
        *,
        CASE WHEN NOT is_share OR usual > 0 OR least = 0 THEN usual END AS usual_value
    FROM judged
)

SELECT
    j.month,
    j.site,
    j.source,
    j.feed,
    j.column_name,
    j.analyte,
    j.measure,
    j.code,
    j.patients,
    j.denominator,
    CASE WHEN NOT j.is_share OR j.patients IS NOT NULL OR j.least = 0 THEN j.figure END AS value,
    j.usual_value,
    CASE WHEN j.is_share AND j.allowed > j.usual_value THEN 0 ELSE j.usual_value - j.allowed END AS usual_low,
    CASE WHEN j.is_share AND j.usual_value + j.allowed > 100 THEN 100 ELSE j.usual_value + j.allowed END AS usual_high,
    CASE WHEN j.is_share THEN '%' ELSE j.unit END AS unit,
    CAST(j.earlier_months AS BIGINT) AS earlier_months,
    CASE
        WHEN j.month + INTERVAL '1' MONTH > f.last_batch_date THEN 'not_over'
        WHEN j.figure IS NULL THEN 'withheld'
        WHEN j.usual IS NULL THEN 'too_few'
        WHEN j.figure > j.usual + j.allowed THEN 'high'
        WHEN j.figure < j.usual - j.allowed THEN 'low'
        ELSE 'usual'
    END AS state
FROM shown AS j
LEFT JOIN marts.feed_freshness AS f ON j.site = f.site AND j.source = f.source AND j.feed = f.feed
