{% from 'ops/doubled.sql' import doubled %}
-- Test codes that nobody knows: their results have neither analyte nor grade. Those that came first in one extract are
-- one alarm until all of them are listed, told again when they are others, or twice as many results: the state has a
-- hash of the codes, never a code.
SELECT
    'laboratory' AS source,
    'results' AS feed,
    'results' AS subject,
    first_batch_date AS batch_date,
    LEFT(MD5(STRING_AGG(test_code, CHR(31) ORDER BY test_code ASC)), 8)
    || ', ' || {{ doubled('SUM(results)') }} AS state,
    COUNT(*) AS codes,
    SUM(results) AS results
FROM ops.unmapped_code
GROUP BY first_batch_date
ORDER BY first_batch_date ASC
