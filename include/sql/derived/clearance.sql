{% from 'derived/grading.sql' import bounds, limits with context %}
-- noqa: disable=LT02
-- CTEs up to `graded`: the clearance by each formula from the exact creatinines of a table of the scope, with the
-- bounds of its toxicity grades by the editions that need no limit of normal: an estimate has none; `kept` are columns
-- of that table.
{% macro graded_clearance(table, kept) %}
month AS (
    SELECT value
    FROM reference.setting
    WHERE name = 'days_per_month'
),

creatinine AS (
    SELECT
        p.patient_id,
        p.sex,
{% for name in kept %}
        t.{{ name }},
{% endfor %}
        t.result_id,
        t.value AS creatinine_umol_l,
        CAST(CAST(t.collected_at AS DATE) - p.birth_date AS DOUBLE PRECISION) / (12 * m.value) AS age_years
    FROM scope.patients AS p
    CROSS JOIN month AS m
    INNER JOIN scope.{{ table }} AS t ON p.patient_id = t.patient_id
    WHERE t.analyte = 'CREA' AND t.comparator IS NULL AND t.value > 0
),

estimated AS (
    SELECT
        c.patient_id,
        e.formula,
{% for name in kept %}
        c.{{ name }},
{% endfor %}
        c.result_id,
        e.scale
        * POWER(LEAST(c.creatinine_umol_l / (e.umol_l_per_mg_dl * e.pivot_mg_dl), 1), e.exponent_below)
        * POWER(GREATEST(c.creatinine_umol_l / (e.umol_l_per_mg_dl * e.pivot_mg_dl), 1), e.exponent_above)
        * POWER(c.age_years, e.age_exponent)
        * POWER(e.age_base, c.age_years) AS clearance
    FROM creatinine AS c
    INNER JOIN reference.egfr_formula AS e ON c.sex = e.sex
    WHERE c.age_years > 0
),

compared AS (
    SELECT
        *,
        -clearance AS low,
        -clearance AS high,
        CAST(NULL AS DOUBLE PRECISION) AS reference,
        TRUE AS is_exact
    FROM estimated
),

limited AS (
    SELECT
{{ limits(is_without_reference=True) }}
    FROM (
        SELECT
            CAST(NULL AS DOUBLE PRECISION) AS reference,
            CAST(NULL AS DOUBLE PRECISION) AS least_baseline,
            CAST(NULL AS DOUBLE PRECISION) AS most_baseline,
            CAST(NULL AS DOUBLE PRECISION) AS least_above,
            CAST(NULL AS DOUBLE PRECISION) AS most_below
    ) AS c
    LEFT JOIN reference.grading_rule AS r ON r.of_analyte = 'CRCL' AND r.of_state = 'before'
),

graded AS (
    SELECT
        c.*,
{{ bounds() }}
    FROM compared AS c
    CROSS JOIN limited AS l
)
{% endmacro %}
