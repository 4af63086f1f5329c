-- What a column says month by month, the latest first, each of its shares and its medians for themselves.
SELECT
    month,
    site,
    source,
    feed,
    measure,
    code,
    patients,
    denominator,
    value,
    usual_value,
    usual_low,
    usual_high,
    unit,
    earlier_months,
    state,
    small_cell
FROM marts.column_usual
WHERE site = :site AND feed = :feed AND column_name = :column_name AND analyte = :analyte
ORDER BY
    CASE measure WHEN 'filled' THEN 1 WHEN 'code' THEN 2 ELSE 3 END ASC,
    code ASC,
    month DESC
