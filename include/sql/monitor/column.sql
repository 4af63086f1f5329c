-- What a column says month by month, the latest first, each of its shares and quartiles for itself.
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
    unit,
    earlier_months,
    state,
    small_cell
FROM marts.column_usual
WHERE site = :site AND feed = :feed AND column_name = :column_name AND analyte = :analyte
ORDER BY
    CASE measure WHEN 'filled' THEN 1 WHEN 'code' THEN 2 WHEN 'low' THEN 3 WHEN 'median' THEN 4 ELSE 5 END ASC,
    code ASC,
    month DESC
