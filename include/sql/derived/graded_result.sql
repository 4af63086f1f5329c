{% set all_criteria = ('ctcae_v3', 'ctcae_v4', 'ctcae_v5') %}
-- The grade is the highest one whose limit is passed. Low counts are mirrored (direction -1), so every limit is
-- passed from below. Numbers are told apart at 15 significant digits: limits move by one part in 10^15 and the
-- bounds of censored values ('<25' is just below 25) by a little more.
WITH
limits AS (
    SELECT
        criteria,
        analyte,
        baseline,
        basis,
        grade,
        CASE WHEN comparator = '<' THEN -1 ELSE 1 END AS direction,
        CASE WHEN comparator = '>' THEN threshold * (1 + 1e-15) ELSE threshold * (1 - 1e-15) END AS threshold
    FROM reference.toxicity_limit
),

direction_of AS (
    SELECT
        analyte,
        MIN(direction) AS direction
    FROM limits
    GROUP BY analyte
),

graded_analyte AS (
    SELECT
        criteria,
        analyte
    FROM limits
    GROUP BY criteria, analyte
),

limit_of AS (
    SELECT
        c.criteria,
        c.analyte,
        s.baseline_state,
        COUNT(l.threshold) > 0 AS is_applicable,
        COUNT(l.threshold) FILTER (WHERE l.basis = 'baseline') > 0 AS needs_baseline,
        s.baseline_state = 'either' AND COUNT(*) FILTER (WHERE l.baseline <> 'any') > 0 AS is_either,
        MAX(l.threshold) FILTER (WHERE l.basis IN ('uln', 'lln') AND l.grade = 1) AS reference_1,
        MAX(l.threshold) FILTER (WHERE l.basis IN ('uln', 'lln') AND l.grade = 2) AS reference_2,
        MAX(l.threshold) FILTER (WHERE l.basis IN ('uln', 'lln') AND l.grade = 3) AS reference_3,
        MAX(l.threshold) FILTER (WHERE l.basis IN ('uln', 'lln') AND l.grade = 4) AS reference_4,
        MAX(l.threshold) FILTER (WHERE l.basis = 'baseline' AND l.grade = 1) AS baseline_1,
        MAX(l.threshold) FILTER (WHERE l.basis = 'baseline' AND l.grade = 2) AS baseline_2,
        MAX(l.threshold) FILTER (WHERE l.basis = 'baseline' AND l.grade = 3) AS baseline_3,
        MAX(l.threshold) FILTER (WHERE l.basis = 'baseline' AND l.grade = 4) AS baseline_4,
        MAX(l.threshold * l.direction) FILTER (WHERE l.basis = 'absolute' AND l.grade = 1) AS absolute_1,
        MAX(l.threshold * l.direction) FILTER (WHERE l.basis = 'absolute' AND l.grade = 2) AS absolute_2,
        MAX(l.threshold * l.direction) FILTER (WHERE l.basis = 'absolute' AND l.grade = 3) AS absolute_3,
        MAX(l.threshold * l.direction) FILTER (WHERE l.basis = 'absolute' AND l.grade = 4) AS absolute_4
    FROM graded_analyte AS c
    CROSS JOIN (VALUES ('normal'), ('above_uln'), ('either'), ('censored')) AS s (baseline_state)
    LEFT JOIN limits AS l
        ON
            c.criteria = l.criteria
            AND c.analyte = l.analyte
            AND (
                l.baseline IN ('any', s.baseline_state)
                OR (s.baseline_state = 'either' AND l.baseline IN ('normal', 'above_uln'))
            )
    GROUP BY c.criteria, c.analyte, s.baseline_state
),

-- Without an exact baseline the grade is certain only where the ULN alone gives the highest grade of the baseline.
rule AS (
    SELECT
        limit_of.*,
        CASE
            WHEN baseline_4 IS NOT NULL THEN reference_4
            WHEN baseline_3 IS NOT NULL THEN reference_3
            WHEN baseline_2 IS NOT NULL THEN reference_2
            ELSE reference_1
        END AS certain_above
    FROM limit_of
),

-- A baseline above its own ULN changes the rule. Without that ULN either rule may hold; whether a censored one is
-- above must be certain, and it is no number to take multiples of.
baseline AS (
    SELECT
        patient_id,
        analyte,
        result_id,
        collected_at,
        value,
        CASE WHEN comparator IS NULL THEN value END AS exact_value,
        CASE
            WHEN comparator IS NULL AND value > uln * (1 + 1e-15) THEN 'above_uln'
            WHEN comparator IS NULL AND uln IS NULL THEN 'either'
            WHEN comparator IS NULL THEN 'normal'
            WHEN comparator IN ('<', '<=') AND value <= uln THEN 'normal'
            ELSE 'censored'
        END AS baseline_state
    FROM scope.lab_timepoint
    WHERE timepoint = 'baseline'
),

result AS (
    SELECT
        m.result_id,
        m.patient_id,
        m.analyte,
        m.collected_at,
        m.value,
        m.comparator,
        m.unit,
        m.uln,
        b.value AS baseline_value,
        b.exact_value AS exact_baseline,
        COALESCE(b.baseline_state, 'normal') AS baseline_state,
        b.result_id IS NULL
        OR m.collected_at > b.collected_at
        OR (m.collected_at = b.collected_at AND m.result_id > b.result_id) AS is_after_baseline,
        d.direction,
        CASE WHEN d.direction = 1 THEN m.uln ELSE -m.lln END AS reference,
        d.direction * m.value
        * CASE m.comparator WHEN '<' THEN 1 - 4e-15 WHEN '>' THEN 1 + 4e-15 ELSE 1 END AS bound
    FROM scope.measurement AS m
    INNER JOIN direction_of AS d ON m.analyte = d.analyte
    LEFT JOIN baseline AS b ON m.patient_id = b.patient_id AND m.analyte = b.analyte
),

-- The baseline row and rows before it are held against the reference limits alone. A censored result is open
-- towards one side, so only the last grade on that side is certain: 0 or 4.
compared AS (
    SELECT
        r.*,
        CASE WHEN r.is_after_baseline THEN r.baseline_state ELSE 'normal' END AS rule_state,
        CASE WHEN r.is_after_baseline AND r.reference IS NOT NULL THEN r.exact_baseline END AS usable_baseline,
        r.is_after_baseline AND r.exact_baseline IS NULL AS lacks_baseline,
        CASE
            WHEN r.comparator IS NULL THEN NULL
            WHEN (r.comparator IN ('<', '<=')) = (r.direction = 1) THEN 0
            ELSE 4
        END AS certain_grade
    FROM result AS r
),

-- noqa: disable=LT02
graded AS (
    SELECT
        c.*,
{% for criteria in all_criteria %}
        CASE
            WHEN c.bound IS NULL OR NOT {{ criteria }}.is_applicable THEN NULL
            WHEN
                c.lacks_baseline
                AND {{ criteria }}.needs_baseline
                AND NOT COALESCE(c.bound > c.reference * {{ criteria }}.certain_above, FALSE)
                THEN NULL
{% for grade in (4, 3, 2, 1) %}
            WHEN
                c.bound > LEAST(
                    c.reference * {{ criteria }}.reference_{{ grade }},
                    c.usable_baseline * {{ criteria }}.baseline_{{ grade }},
                    {{ criteria }}.absolute_{{ grade }}
                )
                THEN
                    CASE
                        WHEN
                            NOT {{ criteria }}.is_either
                            OR c.bound > GREATEST(
                                c.reference * {{ criteria }}.reference_{{ grade }},
                                c.usable_baseline * {{ criteria }}.baseline_{{ grade }}
                            )
                            THEN {{ grade }}
                    END
{% endfor %}
            WHEN c.reference IS NULL THEN NULL
            ELSE 0
        END AS {{ criteria }}{{ "," if not loop.last }}
{% endfor %}
    FROM compared AS c
{% for criteria in all_criteria %}
    INNER JOIN rule AS {{ criteria }}
        ON
            c.analyte = {{ criteria }}.analyte
            AND c.rule_state = {{ criteria }}.baseline_state
            AND {{ criteria }}.criteria = '{{ criteria }}'
{% endfor %}
)

SELECT
    result_id,
    patient_id,
    analyte,
    collected_at,
    value,
    comparator,
    unit,
    uln,
    baseline_value,
{% for criteria in all_criteria %}
    CASE WHEN certain_grade IS NULL OR certain_grade = {{ criteria }} THEN {{ criteria }} END
        AS {{ criteria }}{{ "," if not loop.last }}
{% endfor %}
FROM graded
