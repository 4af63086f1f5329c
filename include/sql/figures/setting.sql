-- The thresholds that figures draw and name.
SELECT
    name,
    value
FROM marts.setting
