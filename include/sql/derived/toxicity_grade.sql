SELECT
    g.result_id,
    c.criteria,
    g.patient_id,
    g.analyte,
    g.collected_at,
    g.value,
    g.comparator,
    g.unit,
    g.uln,
    g.baseline_value,
    CASE c.criteria
        WHEN 'ctcae_v3' THEN g.ctcae_v3
        WHEN 'ctcae_v4' THEN g.ctcae_v4
        WHEN 'ctcae_v5' THEN g.ctcae_v5
    END AS grade,
    g.rule_version,
    g.derived_at
FROM derived.graded_result AS g
CROSS JOIN (VALUES ('ctcae_v3'), ('ctcae_v4'), ('ctcae_v5')) AS c (criteria)
