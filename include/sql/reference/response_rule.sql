WITH setting AS (
    SELECT
        MAX(value) FILTER (WHERE name = 'mrecist_target_lesions') AS mrecist_targets,
        MAX(value) FILTER (WHERE name = 'recist_1_1_target_lesions') AS recist_targets,
        MAX(value) FILTER (WHERE name = 'partial_response_ratio') AS response_ratio,
        MAX(value) FILTER (WHERE name = 'progression_ratio') AS progression_ratio,
        MAX(value) FILTER (WHERE name = 'progression_minimum_mm') AS minimum_mm,
        MAX(value) FILTER (WHERE name = 'recist_1_1_nadir_zero_is_progression') = 1 AS any_regrowth,
        MAX(value) FILTER (WHERE name = 'node_normal_mm') AS node_normal_mm
    FROM reference.setting
)

SELECT
    'mrecist' AS criteria,
    mrecist_targets AS targets_maximum,
    response_ratio,
    progression_ratio,
    CAST(0 AS DOUBLE PRECISION) AS minimum_mm,
    TRUE AS any_regrowth,
    CAST(NULL AS DOUBLE PRECISION) AS node_normal_mm,
    node_normal_mm AS node_back_from_mm
FROM setting
UNION ALL
SELECT
    'recist_1_1' AS criteria,
    recist_targets AS targets_maximum,
    response_ratio,
    progression_ratio,
    minimum_mm,
    any_regrowth,
    node_normal_mm,
    node_normal_mm AS node_back_from_mm
FROM setting
