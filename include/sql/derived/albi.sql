WITH scored AS (
    SELECT
        a.procedure_id,
        a.patient_id,
        a.moment,
        a.source_id AS albumin_result_id,
        b.source_id AS bilirubin_result_id,
        a.value AS albumin_g_l,
        b.value AS bilirubin_umol_l,
        0.66 * LOG(b.value) - 0.085 * a.value AS score
    FROM scope.session_component AS a
    INNER JOIN scope.session_component AS b
        ON a.procedure_id = b.procedure_id AND a.moment = b.moment AND b.component = 'BILI'
    WHERE a.component = 'ALB'
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
