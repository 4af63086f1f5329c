-- Lines of a site's list of reference limits that are not used, for their unit or their numbers cannot be right; the
-- night is that in which the line was first found so. A line is the same wherever it stands in the list.
SELECT
    site,
    'laboratory' AS source,
    'results' AS feed,
    file || ' ' || test_code || ' ' || sex || ' ' || age_from || ' ' || valid_from AS subject,
    noted_on AS batch_date,
    doubt AS state,
    file,
    line_number,
    test_code
FROM ops.site_limit
WHERE doubt IS NOT NULL
ORDER BY site ASC, file ASC, line_number ASC
