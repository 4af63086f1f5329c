-- The main estimates as of the latest day that was loaded, and as of the one before; `_before` is of the latter.
WITH refreshed AS (
    SELECT
        MAX(data_cutoff_date) AS day,
        MAX(small_cell) AS small_cell
    FROM marts.setting
),

days AS (
    SELECT
        r.day,
        r.small_cell,
        MAX(e.data_cutoff_date) AS day_before
    FROM refreshed AS r
    LEFT JOIN ops.estimate AS e ON r.day > e.data_cutoff_date
    GROUP BY r.day, r.small_cell
),

latest AS (
    SELECT e.*
    FROM ops.estimate AS e
    INNER JOIN days AS d ON e.data_cutoff_date = d.day
),

earlier AS (
    SELECT e.*
    FROM ops.estimate AS e
    INNER JOIN days AS d ON e.data_cutoff_date = d.day_before
)

SELECT
    d.day,
    d.day_before,
    made_with.fingerprint <> (SELECT MAX(fingerprint) FROM earlier) AS is_redefined,
    COALESCE(n.measure, e.measure) AS measure,
    COALESCE(l.label, n.subject, e.subject) AS subject,
    COALESCE(n.term, e.term) AS term,
    COALESCE(n.criteria, e.criteria) AS criteria,
    n.patients,
    e.patients AS patients_before,
    n.events,
    e.events AS events_before,
    n.value,
    e.value AS value_before,
    n.ci_low,
    e.ci_low AS ci_low_before,
    n.ci_high,
    e.ci_high AS ci_high_before,
    d.small_cell,
    e.small_cell AS small_cell_before
FROM latest AS n
FULL OUTER JOIN earlier AS e
    ON n.measure = e.measure AND n.subject = e.subject AND n.term = e.term AND n.criteria = e.criteria
LEFT JOIN reference.endpoint_label AS l ON COALESCE(n.subject, e.subject) = l.endpoint
CROSS JOIN days AS d
LEFT JOIN ops.step AS made_with ON made_with.step = 'estimates'
ORDER BY
    CASE COALESCE(n.measure, e.measure) WHEN 'survival' THEN 1 WHEN 'response' THEN 2 ELSE 3 END ASC,
    l.sort_order ASC NULLS LAST,
    COALESCE(n.criteria, e.criteria) ASC,
    CASE COALESCE(n.subject, e.subject) WHEN 'OR' THEN 1 ELSE 2 END ASC,
    COALESCE(n.subject, e.subject) ASC,
    COALESCE(n.term, e.term) ASC
