-- Numbers are told apart at 15 significant digits: a limit that belongs to the class below moves up by one part in
-- 10^15, one that belongs to the class above moves down, so that classes that meet leave no gap. A limit of 0
-- moves up as little as a number can.
SELECT
    characteristic,
    category,
    CASE
        WHEN lower IS NULL THEN CAST('-Infinity' AS DOUBLE PRECISION)
        WHEN lower_inclusive THEN lower - ABS(lower) * 1e-15
        ELSE lower + GREATEST(ABS(lower) * 1e-15, 1e-300)
    END AS from_value,
    CASE
        WHEN upper IS NULL THEN CAST('Infinity' AS DOUBLE PRECISION)
        WHEN upper_inclusive THEN upper + GREATEST(ABS(upper) * 1e-15, 1e-300)
        ELSE upper - ABS(upper) * 1e-15
    END AS below_value,
    sort_order
FROM reference.class_limit
