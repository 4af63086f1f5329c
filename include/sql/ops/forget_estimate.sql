DELETE FROM ops.estimate
WHERE data_cutoff_date >= (SELECT MAX(data_cutoff_date) FROM marts.setting)
