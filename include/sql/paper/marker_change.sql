SELECT
    analyte,
    p_value AS p
FROM marts.biomarker_change
