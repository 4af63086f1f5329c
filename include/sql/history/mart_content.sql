-- What tells whether a mart's rows are those that were published before.
SELECT
    COUNT(*) AS row_count,
    CAST(SUM(CAST(HASH(q) AS HUGEINT)) AS TEXT) AS content,
    CAST(MAX(data_cutoff_date) AS TEXT) AS data_cutoff_date
FROM (SELECT {{ columns | join(", ") }} FROM {{ table }}) AS q
