-- A code that a site sent in one month has a share in each of its months: one that is gone has 0. How much chance
-- leaves is counted from patients, for rows of one patient are alike: a share's error as Agresti and Coull 1998 have
-- it, a median's as of a normal distribution, whose quartiles lie 1.349 standard deviations apart.
-- Numbers of too few patients to say anything are not told: they would nearly be those of a cell.
WITH
needed AS (
    SELECT
        MAX(CASE WHEN name = 'distribution_months' THEN value END) AS months,
        MAX(CASE WHEN name = 'distribution_least_months' THEN value END) AS least_months,
        MAX(CASE WHEN name = 'distribution_change_percent' THEN value END) AS change_percent
    FROM reference.setting
),

known_code AS (
    SELECT
        site,
        feed,
        column_name,
        code
    FROM resolved.distribution
    WHERE code <> ''
    GROUP BY site, feed, column_name, code
),

measured AS (
    SELECT
        site,
        feed,
        month,
        column_name,
        code,
        'filled' AS measure,
        patients,
        patients AS of_patients,
        rows,
        rows_filled,
        CAST(100.0 * rows_filled / rows AS DOUBLE PRECISION) AS value,
        CAST(NULL AS DOUBLE PRECISION) AS quartile_low,
        CAST(NULL AS DOUBLE PRECISION) AS quartile_high
    FROM resolved.distribution
    WHERE code = '' OR median IS NOT NULL
    UNION ALL
    SELECT
        m.site,
        m.feed,
        m.month,
        m.column_name,
        k.code,
        'share' AS measure,
        COALESCE(d.patients, 0) AS patients,
        m.patients_filled AS of_patients,
        COALESCE(d.rows, 0) AS rows,
        COALESCE(d.rows_filled, 0) AS rows_filled,
        CAST(100.0 * COALESCE(d.patients, 0) / m.patients_filled AS DOUBLE PRECISION) AS value,
        CAST(NULL AS DOUBLE PRECISION) AS quartile_low,
        CAST(NULL AS DOUBLE PRECISION) AS quartile_high
    FROM resolved.distribution AS m
    INNER JOIN known_code AS k ON m.site = k.site AND m.feed = k.feed AND m.column_name = k.column_name
    LEFT JOIN resolved.distribution AS d
        ON
            m.site = d.site
            AND m.feed = d.feed
            AND m.month = d.month
            AND m.column_name = d.column_name
            AND k.code = d.code
    WHERE m.code = '' AND m.patients_filled > 0
    UNION ALL
    SELECT
        site,
        feed,
        month,
        column_name,
        code,
        'median' AS measure,
        patients_filled AS patients,
        patients_filled AS of_patients,
        rows,
        rows_filled,
        median AS value,
        quartile_low,
        quartile_high
    FROM resolved.distribution
    WHERE median IS NOT NULL
),

judged AS (
    SELECT
        m.*,
        f.source,
        CASE WHEN m.measure <> 'filled' THEN t.high END AS high,
        m.of_patients >= COALESCE(t.minimum_rows, 1) AS is_measure,
        CAST(EXTRACT(YEAR FROM m.month) * 12 + EXTRACT(MONTH FROM m.month) AS BIGINT) AS place,
        m.month = MAX(m.month) OVER (PARTITION BY m.site, m.feed) AS is_latest
    FROM measured AS m
    INNER JOIN reference.feed AS f ON m.feed = f.feed
    LEFT JOIN reference.threshold_in_force AS t ON t.kind = 'distribution' AND m.feed = t.feed
),

paired AS (
    SELECT
        m.site,
        m.feed,
        m.month,
        m.column_name,
        m.code,
        m.measure,
        e.value,
        e.quartile_high - e.quartile_low AS spread
    FROM judged AS m
    CROSS JOIN needed AS n
    INNER JOIN judged AS e
        ON
            m.site = e.site
            AND m.feed = e.feed
            AND m.column_name = e.column_name
            AND m.code = e.code
            AND m.measure = e.measure
            AND m.place > e.place
            AND m.place - n.months <= e.place
            AND e.is_measure
),

centred AS (
    SELECT
        site,
        feed,
        month,
        column_name,
        code,
        measure,
        COUNT(*) AS earlier_months,
        PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY value) AS usual_value,
        PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY spread) AS usual_spread
    FROM paired
    GROUP BY site, feed, month, column_name, code, measure
),

usual_of AS (
    SELECT
        c.site,
        c.feed,
        c.month,
        c.column_name,
        c.code,
        c.measure,
        c.earlier_months,
        c.usual_value,
        c.usual_spread,
        PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY ABS(p.value - c.usual_value)) AS absolute_deviation
    FROM centred AS c
    INNER JOIN paired AS p
        ON
            c.site = p.site
            AND c.feed = p.feed
            AND c.month = p.month
            AND c.column_name = p.column_name
            AND c.code = p.code
            AND c.measure = p.measure
    GROUP BY
        c.site,
        c.feed,
        c.month,
        c.column_name,
        c.code,
        c.measure,
        c.earlier_months,
        c.usual_value,
        c.usual_spread
),

compared AS (
    SELECT
        j.*,
        COALESCE(u.earlier_months, 0) AS earlier_months,
        u.usual_value,
        GREATEST(
            1.4826 * u.absolute_deviation,
            CASE j.measure
                WHEN 'median' THEN 1.2533 * u.usual_spread / 1.349 / SQRT(j.of_patients)
                ELSE
                    SQRT(
                        (u.usual_value * j.of_patients + 200)
                        * ((100 - u.usual_value) * j.of_patients + 200)
                        / POWER(j.of_patients + 4, 3)
                    )
            END
        ) AS deviation_value
    FROM judged AS j
    LEFT JOIN usual_of AS u
        ON
            j.site = u.site
            AND j.feed = u.feed
            AND j.month = u.month
            AND j.column_name = u.column_name
            AND j.code = u.code
            AND j.measure = u.measure
    WHERE j.of_patients > 0
)

SELECT
    c.site,
    c.source,
    c.feed,
    c.month,
    c.is_latest,
    c.column_name,
    c.code,
    c.measure,
    c.patients,
    c.rows,
    c.rows_filled,
    CASE WHEN c.measure <> 'median' OR c.is_measure THEN c.value END AS value,
    CASE WHEN c.is_measure THEN c.quartile_low END AS quartile_low,
    CASE WHEN c.is_measure THEN c.quartile_high END AS quartile_high,
    c.earlier_months,
    c.usual_value,
    c.deviation_value,
    c.high,
    CASE
        WHEN c.high IS NULL OR NOT c.is_measure OR c.earlier_months < n.least_months THEN NULL
        ELSE
            ABS(c.value - c.usual_value) <= c.high * c.deviation_value
            OR ABS(c.value - c.usual_value) < n.change_percent * ABS(c.usual_value) / 100
            OR c.value = c.usual_value
    END AS in_band
FROM compared AS c
CROSS JOIN needed AS n
