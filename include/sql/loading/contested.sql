CREATE TEMPORARY TABLE contested AS
SELECT a."{{ key }}" AS record_key
FROM accepted AS a
GROUP BY a."{{ key }}"
HAVING COUNT(*) > 1
UNION
SELECT a."{{ key }}" AS record_key
FROM accepted AS a
INNER JOIN clinical.{{ feed }} AS v ON a."{{ key }}" = v."{{ key }}"
