-- Test codes that nobody knows: their results have neither analyte nor grade. It ends when the codes are listed.
SELECT
    'laboratory' AS source,
    'results' AS feed,
    'results' AS subject,
    MAX(last_batch_date) AS batch_date,
    CAST(COUNT(*) AS TEXT) AS state,
    COUNT(*) AS codes,
    SUM(results) AS results
FROM ops.unmapped_code
HAVING COUNT(*) > 0
