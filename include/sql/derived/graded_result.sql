{% from 'derived/grading.sql' import as_texts, bounds, limits with context %}
{% from 'derived/clock.sql' import before_session, day_of with context %}
{% set infinity = "CAST('Infinity' AS DOUBLE PRECISION)" %}
-- A grade is the highest one whose limit is passed. The bounds of censored values ('<25' is just below 25) move by a
-- little more than limits do.
-- noqa: disable=LT02
WITH
direction_of AS (
    SELECT DISTINCT
        of_analyte AS analyte,
        of_direction AS direction
    FROM reference.grading_rule
),

-- Limits may be multiples of a baseline that is outside its own limits. What of that is unknown may be either.
baseline_bound AS (
    SELECT
        *,
        CASE
            WHEN comparator IN ('<', '<=') THEN -{{ infinity }}
            ELSE value * CASE comparator WHEN '>' THEN 1 + 4e-15 ELSE 1 END
        END AS low,
        CASE
            WHEN comparator IN ('>', '>=') THEN {{ infinity }}
            ELSE value * CASE comparator WHEN '<' THEN 1 - 4e-15 ELSE 1 END
        END AS high
    FROM scope.lab_timepoint
    WHERE timepoint = 'baseline'
),

baseline AS (
    SELECT
        patient_id,
        analyte,
        result_id,
        day,
        has_earlier,
        low,
        high,
        GREATEST(low, uln * (1 + 4e-15)) AS low_if_above,
        LEAST(high, lln * (1 - 4e-15)) AS high_if_below,
        CASE
            WHEN low > uln * (1 + 1e-15) THEN 'above_uln'
            WHEN high < lln * (1 - 1e-15) THEN 'below_lln'
            WHEN high <= uln * (1 + 1e-15) AND low >= COALESCE(lln, uln) * (1 - 1e-15) THEN 'normal'
            WHEN high <= uln * (1 + 1e-15) THEN 'not_above'
            WHEN low >= lln * (1 - 1e-15) THEN 'not_below'
            ELSE 'unknown'
        END AS baseline_state
    FROM baseline_bound
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
        {{ day_of() }} AS day,
        b.low AS baseline_low,
        b.high AS baseline_high,
        b.low_if_above,
        b.high_if_below,
        COALESCE(b.baseline_state, 'normal') AS baseline_state,
        CASE
            WHEN b.result_id IS NULL THEN TRUE
            ELSE COALESCE(NOT {{ before_session() }}, b.day < 0 OR b.has_earlier)
        END AS is_after_baseline,
        d.direction,
        CASE WHEN d.direction = 1 THEN m.uln ELSE -m.lln END AS reference,
        (m.comparator IN ('>', '>=')) = (d.direction = 1) AS is_open_above,
        d.direction * m.value
        * CASE m.comparator WHEN '<' THEN 1 - 4e-15 WHEN '>' THEN 1 + 4e-15 ELSE 1 END AS bound
    FROM scope.measurement AS m
    LEFT JOIN scope.treatment_session AS f ON m.patient_id = f.patient_id AND f.session_number = 1
    LEFT JOIN baseline AS b ON m.patient_id = b.patient_id AND m.analyte = b.analyte
    INNER JOIN direction_of AS d ON m.analyte = d.analyte
),

-- The baseline row and rows before it are held against the reference limits alone.
compared AS (
    SELECT
        r.*,
        CASE WHEN r.is_after_baseline THEN r.baseline_state ELSE 'before' END AS rule_state,
        COALESCE(r.reference, {{ infinity }}) AS reference_key,
        COALESCE(CASE WHEN r.is_after_baseline THEN r.baseline_low END, -{{ infinity }}) AS least_baseline,
        COALESCE(CASE WHEN r.is_after_baseline THEN r.baseline_high END, {{ infinity }}) AS most_baseline,
        COALESCE(CASE WHEN r.is_after_baseline THEN r.low_if_above END, -{{ infinity }}) AS least_above,
        COALESCE(CASE WHEN r.is_after_baseline THEN r.high_if_below END, {{ infinity }}) AS most_below,
        CASE
            WHEN r.is_open_above OR r.comparator IS NULL THEN r.bound
            WHEN r.bound IS NOT NULL THEN -{{ infinity }}
        END AS low,
        CASE WHEN r.is_open_above THEN {{ infinity }} ELSE r.bound END AS high,
        r.comparator IS NULL
        AND r.reference IS NOT NULL
        AND (NOT r.is_after_baseline OR r.baseline_low = r.baseline_high) AS is_exact
    FROM result AS r
),

-- Many results share their limits, so those are worked out once: kept apart, as PostgreSQL would work them out for each
-- result. A reference that is missing has the key infinity; a baseline that is, lies anywhere.
shared AS (
    SELECT
        s.*,
        NULLIF(s.reference_key, {{ infinity }}) AS reference
    FROM (
        SELECT DISTINCT
            analyte,
            direction,
            rule_state,
            reference_key,
            least_baseline,
            most_baseline,
            least_above,
            most_below
        FROM compared
    ) AS s
),

limited AS MATERIALIZED (
    SELECT
        c.analyte,
        c.direction,
        c.rule_state,
        c.reference_key,
        c.least_baseline,
        c.most_baseline,
        c.least_above,
        c.most_below,
{{ limits() }}
    FROM shared AS c
    INNER JOIN reference.grading_rule AS r
        ON c.analyte = r.of_analyte AND c.direction = r.of_direction AND c.rule_state = r.of_state
),

graded AS (
    SELECT
        c.*,
{{ bounds() }}
    FROM compared AS c
    INNER JOIN limited AS l
        ON
            c.analyte = l.analyte
            AND c.direction = l.direction
            AND c.rule_state = l.rule_state
            AND c.reference_key = l.reference_key
            AND c.least_baseline = l.least_baseline
            AND c.most_baseline = l.most_baseline
            AND c.least_above = l.least_above
            AND c.most_below = l.most_below
)

SELECT
    result_id,
    direction,
    patient_id,
    analyte,
    collected_at,
    day,
    is_after_baseline,
    value,
    comparator,
    unit,
    uln,
{{ as_texts() }}
FROM graded
