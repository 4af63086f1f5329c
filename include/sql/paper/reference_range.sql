-- The upper limits that most results of each analyte came with.
WITH ranked AS (
    SELECT
        analyte,
        upper_limit,
        ROW_NUMBER() OVER (
            PARTITION BY analyte
            ORDER BY
                results DESC NULLS LAST,
                unit ASC NULLS LAST,
                upper_limit ASC NULLS LAST,
                lower_limit ASC NULLS LAST
        ) AS place
    FROM marts.reference_range
)

SELECT
    MAX(upper_limit) FILTER (WHERE analyte = 'AST') AS values_ast,
    MAX(upper_limit) FILTER (WHERE analyte = 'ALT') AS values_alt,
    MAX(upper_limit) FILTER (WHERE analyte = 'BILI') AS values_bili
FROM ranked
WHERE place = 1
