{% from 'derived/clock.sql' import before_session, day_of, with_latest_instant with context %}
-- The last result and finding of the days before and after each session, and not beyond the
-- days of sessions before and after that day: sessions of one day share what is around them.
-- One of the session's day that no clock places is before it, where there is no other before it.
WITH
session_of AS (
    SELECT
        procedure_id,
        patient_id,
        performed_on,
        started_at,
        started_at_instant,
        MAX(performed_on) OVER (
            PARTITION BY patient_id
            ORDER BY performed_on NULLS LAST
            GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS previous_on,
        MIN(performed_on) OVER (
            PARTITION BY patient_id
            ORDER BY performed_on NULLS LAST
            GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS next_on
    FROM scope.treatment_session
),

known AS (
    SELECT
        patient_id,
        analyte AS component,
        value,
        collected_on,
        collected_at,
        collected_at_instant,
        collected_at_precision,
        'results' AS source_table,
        result_id AS source_id
    FROM scope.measurement
    WHERE
        analyte IN (SELECT component FROM reference.liver_score_component)
        AND comparator IS NULL
        AND value > 0
    UNION ALL
    SELECT
        v.patient_id,
        c.component,
        c.value,
        v.visit_date AS collected_on,
        NULL AS collected_at,
        NULL AS collected_at_instant,
        NULL AS collected_at_precision,
        'visits' AS source_table,
        v.visit_id AS source_id
    FROM scope.visits AS v
    CROSS JOIN
        LATERAL (
            VALUES
            ('ASCITES', CASE v.ascites WHEN 'none' THEN 0 WHEN 'mild' THEN 1 WHEN 'moderate_severe' THEN 2 END),
            ('ENCEPHALOPATHY', v.encephalopathy)
        ) AS c (component, value)
    WHERE c.value IS NOT NULL
),

sample AS (
    SELECT
        f.procedure_id,
        f.patient_id,
        m.component,
        m.value,
        m.collected_at,
        m.collected_at_instant,
        m.source_table,
        m.source_id,
        {{ day_of() }} AS day,
        {{ before_session() }} AS is_before
    FROM session_of AS f
    INNER JOIN reference.setting AS s ON s.name = 'albi_days'
    INNER JOIN known AS m
        ON
            f.patient_id = m.patient_id
            AND m.collected_on - f.performed_on BETWEEN -s.value AND s.value
            AND m.collected_on > COALESCE(f.previous_on, m.collected_on - 1)
            AND m.collected_on < COALESCE(f.next_on, m.collected_on + 1)
),

dated AS (
    {{ with_latest_instant('sample', 's.procedure_id, s.component') }}
),

placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY procedure_id, component, COALESCE(is_before, TRUE)
            ORDER BY
                CASE WHEN is_before IS NULL THEN 2 ELSE 1 END NULLS LAST,
                latest_instant DESC NULLS LAST,
                collected_at DESC NULLS LAST,
                day DESC NULLS LAST,
                source_id DESC NULLS LAST
        ) AS place
    FROM dated
)

SELECT
    procedure_id,
    CASE WHEN COALESCE(is_before, TRUE) THEN 'before' ELSE 'after' END AS moment,
    component,
    patient_id,
    value,
    day,
    source_table,
    source_id
FROM placed
WHERE place = 1
