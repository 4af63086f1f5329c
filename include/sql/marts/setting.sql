SELECT
    name,
    value,
    unit,
    source
FROM reference.setting
