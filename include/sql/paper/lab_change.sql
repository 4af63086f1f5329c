SELECT
    analyte,
    from_timepoint,
    to_timepoint,
    p_value AS p,
    p_value AS p_lt
FROM marts.toxicity_change
