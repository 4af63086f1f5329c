-- T and N of the last report up to the first procedure that has one, else the clinical ones. A metastasis of the liver
-- is M1a alone and M1c with others in the digestive system. For the lung it lies outside the chest, so it is no M1a but
-- M1b alone and M1c with another one there. Where the data do not say which, it is M1.
WITH report AS (
    SELECT
        r.*,
        ROW_NUMBER() OVER (
            PARTITION BY r.patient_id
            ORDER BY
                CASE WHEN r.pt IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                r.reported_on DESC NULLS LAST,
                r.report_id DESC NULLS LAST
        ) AS t_place,
        ROW_NUMBER() OVER (
            PARTITION BY r.patient_id
            ORDER BY
                CASE WHEN r.pn IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                r.reported_on DESC NULLS LAST,
                r.report_id DESC NULLS LAST
        ) AS n_place,
        ROW_NUMBER() OVER (
            PARTITION BY r.patient_id
            ORDER BY
                CASE WHEN r.pm IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                r.reported_on DESC NULLS LAST,
                r.report_id DESC NULLS LAST
        ) AS m_place
    FROM scope.reports AS r
    INNER JOIN scope.baseline AS b ON r.patient_id = b.patient_id
    WHERE COALESCE(r.reported_on <= b.first_procedure, TRUE)
),

pathological AS (
    SELECT
        patient_id,
        MAX(pt) FILTER (WHERE t_place = 1) AS t,
        MAX(report_id) FILTER (WHERE t_place = 1 AND pt IS NOT NULL) AS t_report_id,
        MAX(pn) FILTER (WHERE n_place = 1) AS n,
        MAX(report_id) FILTER (WHERE n_place = 1 AND pn IS NOT NULL) AS n_report_id,
        MAX(pm) FILTER (WHERE m_place = 1) AS m
    FROM report
    GROUP BY patient_id
),

-- The liver's lesions that the registry's reader saw before the treatment, in the files of one site: another site may
-- have read the same ones.
seen AS (
    SELECT
        patient_id,
        MAX(lesions) AS lesions
    FROM (
        SELECT
            patient_id,
            COUNT(DISTINCT lesion_id) AS lesions
        FROM scope.lesion_reading
        WHERE
            reader = 'registry'
            AND NOT after_treatment
            AND is_of_liver
            AND COALESCE(assessment IN ('present', 'unequivocal_progression'), longest_size_mm > 0, viable_size_mm > 0)
        GROUP BY patient_id, site
    ) AS of_site
    GROUP BY patient_id
),

patient AS (
    SELECT
        p.patient_id,
        p.stage AS reported_stage,
        COALESCE(exact.scheme, s.scheme) AS scheme,
        COALESCE(r.t, p.ct) AS t,
        r.t_report_id,
        COALESCE(r.n, p.cn) AS n,
        r.n_report_id,
        CASE
            WHEN SUBSTRING(p.cm, 1, 2) = 'M1' THEN p.cm
            WHEN p.liver_metastases_timing = 'synchronous' THEN COALESCE(r.m, 'M1')
            ELSE p.cm
        END AS reported_m,
        COALESCE(p.liver_metastases_timing = 'synchronous', FALSE) AS is_synchronous,
        r.m AS pathological_m,
        b.extrahepatic_disease,
        COALESCE(liver.lesions > 1, FALSE) AS has_several,
        COALESCE(e.met, FALSE) AS has_liver_metastases,
        COALESCE(g.grade = 'NEC', FALSE) AND COALESCE(exact.scheme, s.scheme) <> 'lung' AS is_carcinoma
    FROM scope.patients AS p
    INNER JOIN scope.baseline AS b ON p.patient_id = b.patient_id
    LEFT JOIN scope.reports AS site ON b.primary_report_id = site.report_id
    LEFT JOIN reference.stage_scheme AS exact ON site.primary_site = exact.topography
    LEFT JOIN reference.stage_scheme AS s ON SUBSTRING(site.primary_site, 1, 3) = s.topography
    LEFT JOIN pathological AS r ON p.patient_id = r.patient_id
    LEFT JOIN seen AS liver ON p.patient_id = liver.patient_id
    LEFT JOIN scope.tumour_grade AS g ON p.patient_id = g.patient_id
    LEFT JOIN scope.eligibility AS e ON p.patient_id = e.patient_id AND e.criterion = 'liver_metastases'
),

at_diagnosis AS (
    SELECT
        *,
        CASE
            WHEN is_synchronous AND scheme = 'lung' AND reported_m = 'M1a' THEN 'M1'
            WHEN is_synchronous AND scheme <> 'lung' AND reported_m = 'M1b' THEN 'M1c'
            ELSE reported_m
        END AS m_at_diagnosis
    FROM patient
),

staged AS (
    SELECT
        *,
        CASE
            WHEN NOT has_liver_metastases THEN COALESCE(pathological_m, m_at_diagnosis)
            WHEN scheme = 'lung' AND (has_several OR 'M1c' IN (pathological_m, m_at_diagnosis)) THEN 'M1c'
            WHEN scheme = 'lung' OR extrahepatic_disease IS NULL THEN 'M1'
            WHEN extrahepatic_disease THEN 'M1c'
            ELSE 'M1a'
        END AS m
    FROM at_diagnosis
)

SELECT
    s.patient_id,
    s.scheme,
    s.t,
    s.t_report_id,
    s.n,
    s.n_report_id,
    s.m_at_diagnosis,
    early.stage AS stage_at_diagnosis,
    early.enets_stage AS enets_stage_at_diagnosis,
    s.reported_stage,
    TRIM(TRANSLATE(early.stage, 'ABC123', '      '))
    = TRIM(TRANSLATE(s.reported_stage, 'ABC123', '      ')) AS agrees,
    s.m,
    late.stage
FROM staged AS s
LEFT JOIN reference.stage_group AS early
    ON
        s.scheme = early.scheme
        AND s.m_at_diagnosis = early.m
        AND early.t IN ('any', s.t, SUBSTRING(s.t, 1, 2))
        AND early.n IN ('any', s.n)
        AND NOT (s.is_carcinoma AND early.m = 'M0')
LEFT JOIN reference.stage_group AS late
    ON
        s.scheme = late.scheme
        AND s.m = late.m
        AND late.t IN ('any', s.t, SUBSTRING(s.t, 1, 2))
        AND late.n IN ('any', s.n)
        AND NOT (s.is_carcinoma AND late.m = 'M0')
WHERE COALESCE(s.scheme, s.t, s.n, s.m, s.reported_stage) IS NOT NULL
