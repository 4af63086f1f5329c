-- Test codes that nobody knows: their results have neither analyte nor grade. It is one alarm, from the first extract
-- that has one until all are listed, told again when there are more or fewer.
SELECT
    'laboratory' AS source,
    'results' AS feed,
    'results' AS subject,
    MIN(first_batch_date) AS batch_date,
    CAST(COUNT(*) AS TEXT) AS state,
    COUNT(*) AS codes,
    SUM(results) AS results
FROM ops.unmapped_code
HAVING COUNT(*) > 0
