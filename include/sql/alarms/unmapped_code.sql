{% from 'ops/doubled.sql' import doubled %}
-- Test codes that nobody knows: their results have neither analyte nor grade. Those that came first in one extract are
-- one alarm until all of them are listed, told again when there are more or fewer, or twice as many results.
SELECT
    'laboratory' AS source,
    'results' AS feed,
    'results' AS subject,
    first_batch_date AS batch_date,
    CAST(COUNT(*) AS TEXT) || ', ' || {{ doubled('SUM(results)') }} AS state,
    COUNT(*) AS codes,
    SUM(results) AS results
FROM ops.unmapped_code
GROUP BY first_batch_date
ORDER BY first_batch_date ASC
