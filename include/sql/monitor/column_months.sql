-- What a column said month by month, oldest first, by measure.
SELECT
    measure,
    source,
    month,
    patients,
    rows,
    rows_filled,
    value,
    quartile_low,
    quartile_high,
    earlier_months,
    usual_value,
    deviation_ratio,
    in_band AS meets_target,
    CASE WHEN in_band THEN 'usual' WHEN NOT in_band THEN 'unusual' ELSE 'none' END AS state,
    small_cell
FROM marts.column_distribution
WHERE site = :site AND feed = :feed AND column_name = :column_name AND code = :code
ORDER BY CASE measure WHEN 'filled' THEN 2 ELSE 1 END ASC, measure ASC, month ASC
