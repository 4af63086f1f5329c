-- Told grades add up to too few, so their sum is kept where all is told.
INSERT INTO ops.estimate (
    data_cutoff_date, measure, subject, term, criteria,
    patients, events, value, ci_low, ci_high, small_cell, fingerprint
)
WITH told AS (
    SELECT
        data_cutoff_date,
        'survival' AS measure,
        endpoint AS subject,
        '' AS term,
        criteria,
        patients,
        events,
        median_months AS value,
        median_ci_low AS ci_low,
        median_ci_high AS ci_high,
        small_cell
    FROM marts.survival_summary
    WHERE rule = 'study' AND stratification = 'all' AND ci_method = 'log-log' AND NOT immortal_time
    UNION ALL
    SELECT
        data_cutoff_date,
        'response' AS measure,
        response AS subject,
        '' AS term,
        criteria,
        denominator AS patients,
        patients AS events,
        percent AS value,
        ci_low,
        ci_high,
        small_cell
    FROM marts.response_rate
    WHERE
        assessment = 'best'
        AND stratification = 'all'
        AND denominator_kind = 'evaluable'
        AND response IN ('OR', 'DCR')
    UNION ALL
    SELECT
        data_cutoff_date,
        'toxicity' AS measure,
        analyte AS subject,
        term,
        criteria,
        denominator AS patients,
        events,
        100.0 * events / denominator AS value,
        CAST(NULL AS DOUBLE PRECISION) AS ci_low,
        CAST(NULL AS DOUBLE PRECISION) AS ci_high,
        small_cell
    FROM (
        SELECT
            worst.data_cutoff_date,
            worst.analyte,
            worst.term,
            worst.criteria,
            MAX(worst.denominator) AS denominator,
            COALESCE(SUM(worst.patients) FILTER (WHERE worst.worst_grade >= 3), 0) AS events,
            worst.small_cell
        FROM marts.toxicity_worst AS worst
        INNER JOIN reference.toxicity_criteria AS edition ON worst.criteria = edition.criteria
        INNER JOIN reference.setting AS main ON main.name = 'main_toxicity_edition' AND edition.sort_order = main.value
        WHERE worst.period = 'overall' AND worst.small_cell = 0
        GROUP BY worst.data_cutoff_date, worst.analyte, worst.term, worst.criteria, worst.small_cell
    ) AS graded
)

SELECT
    t.data_cutoff_date,
    t.measure,
    t.subject,
    t.term,
    t.criteria,
    t.patients,
    t.events,
    t.value,
    t.ci_low,
    t.ci_high,
    t.small_cell,
    :fingerprint AS fingerprint
FROM told AS t
WHERE t.data_cutoff_date IS NOT NULL
