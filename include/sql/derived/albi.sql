{% from 'derived/clock.sql' import before_session with context %}
-- The last albumin and bilirubin of the days before and after each session, and not beyond the session before or after
-- it. A sample of the session's day that no clock places is before it, where there is no other before it.
WITH
session_of AS (
    SELECT
        *,
        LEAD(performed_on) OVER (PARTITION BY patient_id ORDER BY session_number NULLS LAST) AS next_on
    FROM scope.treatment_session
),

dated AS (
    SELECT
        f.procedure_id,
        f.patient_id,
        m.analyte,
        m.result_id,
        m.value,
        m.ordered_at,
        m.collected_on - f.performed_on AS day,
        CASE WHEN m.collected_on = f.performed_on THEN {{ before_session() }} ELSE m.collected_on < f.performed_on END
            AS is_before
    FROM session_of AS f
    INNER JOIN reference.setting AS s ON s.name = 'albi_days'
    INNER JOIN scope.measurement AS m
        ON
            f.patient_id = m.patient_id
            AND m.collected_on - f.performed_on BETWEEN -s.value AND s.value
            AND m.collected_on > COALESCE(f.previous_on, m.collected_on - 1)
            AND m.collected_on < COALESCE(f.next_on, m.collected_on + 1)
    WHERE m.analyte IN ('ALB', 'BILI') AND m.comparator IS NULL AND m.value > 0
),

placed AS (
    SELECT
        *,
        CASE WHEN COALESCE(is_before, TRUE) THEN 'before' ELSE 'after' END AS moment,
        ROW_NUMBER() OVER (
            PARTITION BY procedure_id, analyte, COALESCE(is_before, TRUE)
            ORDER BY
                CASE WHEN is_before IS NULL THEN 2 ELSE 1 END NULLS LAST,
                day DESC NULLS LAST,
                ordered_at DESC NULLS LAST,
                result_id DESC NULLS LAST
        ) AS place
    FROM dated
),

scored AS (
    SELECT
        a.procedure_id,
        a.patient_id,
        a.moment,
        a.result_id AS albumin_result_id,
        b.result_id AS bilirubin_result_id,
        a.value AS albumin_g_l,
        b.value AS bilirubin_umol_l,
        0.66 * LOG(b.value) - 0.085 * a.value AS score
    FROM placed AS a
    INNER JOIN placed AS b ON a.procedure_id = b.procedure_id AND a.moment = b.moment AND b.place = 1
    WHERE a.place = 1 AND a.analyte = 'ALB' AND b.analyte = 'BILI'
)

SELECT
    s.procedure_id,
    s.moment,
    s.patient_id,
    s.albumin_g_l,
    s.bilirubin_umol_l,
    s.score,
    CAST(c.category AS BIGINT) AS albi_grade,
    s.albumin_result_id,
    s.bilirubin_result_id
FROM scored AS s
LEFT JOIN reference.class_range AS c
    ON c.characteristic = 'albi' AND s.score >= c.from_value AND s.score < c.below_value
