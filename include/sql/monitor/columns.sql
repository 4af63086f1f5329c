-- What each column said in the latest month of its feed, the most unusual first.
SELECT
    site,
    source,
    feed,
    month,
    column_name,
    code,
    measure,
    patients,
    rows,
    rows_filled,
    value,
    quartile_low,
    quartile_high,
    earlier_months,
    usual_value,
    deviation_ratio,
    small_cell,
    state,
    COUNT(*) OVER () AS total
FROM (
    SELECT
        *,
        CASE WHEN in_band THEN 'usual' WHEN NOT in_band THEN 'unusual' ELSE 'none' END AS state
    FROM marts.column_distribution
    WHERE is_latest
) AS latest
WHERE
    (CAST(:feed AS TEXT) IS NULL OR feed = :feed)
    AND (CAST(:site AS TEXT) IS NULL OR site = :site)
    AND (CAST(:state AS TEXT) IS NULL OR state = :state)
ORDER BY
    CASE state WHEN 'unusual' THEN 1 WHEN 'usual' THEN 2 ELSE 3 END ASC,
    ABS(deviation_ratio) DESC NULLS LAST,
    site ASC,
    feed ASC,
    column_name ASC,
    code ASC,
    measure ASC
LIMIT :most OFFSET :skipped
