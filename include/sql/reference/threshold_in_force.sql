SELECT
    kind,
    source,
    feed,
    threshold_id,
    low,
    high,
    unit,
    minimum_rows,
    owner
FROM (
    SELECT
        t.kind,
        f.source,
        f.feed,
        t.threshold_id,
        t.low,
        t.high,
        t.unit,
        t.minimum_rows,
        t.owner,
        ROW_NUMBER() OVER (
            PARTITION BY t.kind, f.feed
            ORDER BY
                CASE WHEN t.feed IS NOT NULL THEN 1 WHEN t.source IS NOT NULL THEN 2 ELSE 3 END ASC,
                t.valid_from DESC,
                t.threshold_id DESC
        ) AS preference
    FROM reference.threshold AS t
    INNER JOIN reference.feed AS f
        ON (t.feed IS NULL OR t.feed = f.feed) AND (t.source IS NULL OR t.source = f.source)
    WHERE t.valid_from <= CURRENT_DATE
) AS ranked
WHERE preference = 1
