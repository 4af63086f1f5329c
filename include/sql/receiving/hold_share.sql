SELECT
    threshold_id,
    high,
    minimum_rows
FROM reference.threshold_in_force
WHERE kind = 'hold_share' AND feed = :feed AND high IS NOT NULL
