{% from 'monitor/chosen.sql' import chosen with context %}
-- What an analysis says of each group.
SELECT
    stratum,
    stratum_label,
    immortal_time,
    patients,
    events,
    not_evaluable,
    median_months,
    median_ci_low,
    median_ci_high,
    rmst_60_months,
    rmst_60_ci_low,
    rmst_60_ci_high,
    median_follow_up_months,
    data_cutoff_date,
    files_missing,
    small_cell
FROM marts.survival_summary
WHERE
    {{ chosen() }}
    AND ci_method = :ci_method
ORDER BY stratum_order ASC
