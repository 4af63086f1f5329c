{% from 'reference/unit_factor.sql' import unit_factor with context %}
-- Lines of a site's limits that are doubtful: their unit is none of the analyte's, or no laboratory has such limits in
-- it. A lower limit of 0 is of any unit.
SELECT
    l.line,
    l.unit,
    a.analyte,
    u.factor IS NOT NULL AS is_known
FROM site_limit AS l
INNER JOIN reference.analyte_code AS a ON l.test_code = a.loinc
LEFT JOIN ({{ unit_factor('site_limit') }}) AS u ON a.analyte = u.analyte AND l.unit = u.spelling
LEFT JOIN reference.plausible_limit AS p ON a.analyte = p.analyte
WHERE
    a.analyte IS NOT NULL
    AND (
        u.factor IS NULL
        OR NOT COALESCE(NULLIF(l.low, 0) * u.factor BETWEEN p.lower_from AND p.lower_to, TRUE)
        OR NOT COALESCE(l.high * u.factor BETWEEN p.upper_from AND p.upper_to, TRUE)
    )
ORDER BY l.line ASC
