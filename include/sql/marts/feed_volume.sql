SELECT
    site,
    source,
    feed,
    batch_date,
    weekday,
    rows_received,
    earlier_extracts,
    median_rows,
    ratio,
    low,
    high,
    in_band
FROM ops.volume
