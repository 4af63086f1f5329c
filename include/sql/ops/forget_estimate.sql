-- Before the estimates of today's data cut-off are kept, those go that they replace, that no comparison needs, and that
-- tell what today's limit withholds.
DELETE FROM ops.estimate
WHERE
    data_cutoff_date >= (SELECT MAX(data_cutoff_date) FROM marts.setting)
    OR small_cell < (SELECT MAX(small_cell) FROM marts.setting)
    OR data_cutoff_date < (
        SELECT MAX(e.data_cutoff_date)
        FROM ops.estimate AS e
        WHERE e.data_cutoff_date < (SELECT MAX(s.data_cutoff_date) FROM marts.setting AS s)
    )
