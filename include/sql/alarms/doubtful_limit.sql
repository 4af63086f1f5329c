-- Lines of a site's list of reference limits that are not used, for their unit or their numbers cannot be right; the
-- night is that in which the line was first found so.
SELECT
    site,
    'laboratory' AS source,
    'results' AS feed,
    file || ' line ' || line_number AS subject,
    noted_on AS batch_date,
    doubt AS state,
    test_code
FROM ops.site_limit
WHERE doubt IS NOT NULL
ORDER BY site ASC, file ASC, line_number ASC
