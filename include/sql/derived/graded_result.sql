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

-- One row an analyte and kind of baseline, with the limits of all criteria side by side.
-- noqa: disable=LT02
limit_of AS (
    SELECT
        d.analyte,
{% for criteria in all_criteria %}
        COUNT(l.threshold) FILTER (WHERE l.criteria = '{{ criteria }}') > 0 AS {{ criteria }}_is_applicable,
        COUNT(l.threshold) FILTER (WHERE l.criteria = '{{ criteria }}' AND l.basis = 'baseline') > 0
            AS {{ criteria }}_needs_baseline,
        s.baseline_state = 'either'
        AND COUNT(*) FILTER (WHERE l.criteria = '{{ criteria }}' AND l.baseline <> 'any') > 0
            AS {{ criteria }}_is_either,
{% for basis, bases, side in (
    ('reference', "'uln', 'lln'", '1'), ('baseline', "'baseline'", '1'), ('absolute', "'absolute'", 'l.direction')
) %}
{% for grade in (1, 2, 3, 4) %}
        MAX(l.threshold * {{ side }}) FILTER (
            WHERE l.criteria = '{{ criteria }}' AND l.basis IN ({{ bases }}) AND l.grade = {{ grade }}
        ) AS {{ criteria }}_{{ basis }}_{{ grade }},
{% endfor %}
{% endfor %}
{% endfor %}
        s.baseline_state
    FROM direction_of AS d
    CROSS JOIN (VALUES ('normal'), ('above_uln'), ('either'), ('censored')) AS s (baseline_state)
    LEFT JOIN limits AS l
        ON
            d.analyte = l.analyte
            AND (
                l.baseline IN ('any', s.baseline_state)
                OR (s.baseline_state = 'either' AND l.baseline IN ('normal', 'above_uln'))
            )
    GROUP BY d.analyte, s.baseline_state
),

-- Without an exact baseline the grade is certain only where the ULN alone gives the highest grade of the baseline.
rule AS (
    SELECT
        limit_of.*,
{% for criteria in all_criteria %}
        CASE
            WHEN {{ criteria }}_baseline_4 IS NOT NULL THEN {{ criteria }}_reference_4
            WHEN {{ criteria }}_baseline_3 IS NOT NULL THEN {{ criteria }}_reference_3
            WHEN {{ criteria }}_baseline_2 IS NOT NULL THEN {{ criteria }}_reference_2
            ELSE {{ criteria }}_reference_1
        END AS {{ criteria }}_certain_above{{ "," if not loop.last }}
{% endfor %}
    FROM limit_of
),

-- A baseline above its own ULN changes the rule. Without that ULN either rule may hold; whether a censored one is
-- above must be certain, and it is no number to take multiples of.
baseline AS (
    SELECT
        patient_id,
        analyte,
        result_id,
        CAST(collected_at AS DATE) AS collected_on,
        day,
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
        b.result_id IS NULL OR m.collected_on - b.collected_on + b.day > 0 AS is_after_baseline,
        d.direction,
        CASE WHEN d.direction = 1 THEN m.uln ELSE -m.lln END AS reference,
        d.direction * m.value
        * CASE m.comparator WHEN '<' THEN 1 - 4e-15 WHEN '>' THEN 1 + 4e-15 ELSE 1 END AS bound
    FROM scope.measurement AS m
    LEFT JOIN baseline AS b ON m.patient_id = b.patient_id AND m.analyte = b.analyte
    INNER JOIN direction_of AS d ON m.analyte = d.analyte
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

graded AS (
    SELECT
        c.*,
{% for criteria in all_criteria %}
        CASE
            WHEN c.bound IS NULL OR NOT r.{{ criteria }}_is_applicable THEN NULL
            WHEN
                c.lacks_baseline
                AND r.{{ criteria }}_needs_baseline
                AND NOT COALESCE(c.bound > c.reference * r.{{ criteria }}_certain_above, FALSE)
                THEN NULL
{% for grade in (4, 3, 2, 1) %}
            WHEN
                c.bound > LEAST(
                    c.reference * r.{{ criteria }}_reference_{{ grade }},
                    c.usable_baseline * r.{{ criteria }}_baseline_{{ grade }},
                    r.{{ criteria }}_absolute_{{ grade }}
                )
                THEN
                    CASE
                        WHEN
                            NOT r.{{ criteria }}_is_either
                            OR c.bound > GREATEST(
                                c.reference * r.{{ criteria }}_reference_{{ grade }},
                                c.usable_baseline * r.{{ criteria }}_baseline_{{ grade }}
                            )
                            THEN {{ grade }}
                    END
{% endfor %}
            WHEN c.reference IS NULL THEN NULL
            ELSE 0
        END AS {{ criteria }}{{ "," if not loop.last }}
{% endfor %}
    FROM compared AS c
    INNER JOIN rule AS r ON c.analyte = r.analyte AND c.rule_state = r.baseline_state
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
