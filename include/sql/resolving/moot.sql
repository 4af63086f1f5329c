-- Reads: failed. Changes: failed.
-- What a row fails by a cell that is set aside does not count: there is no value.
DELETE FROM failed
WHERE
    cell IS NULL
    AND EXISTS (
        SELECT 1
        FROM failed AS a
        INNER JOIN reference.rule AS r ON STRPOS(',' || r.columns_judged || ',', ',' || a.cell || ',') > 0
        WHERE
            a.cell IS NOT NULL
            AND a.decision_id IS NULL
            AND a.load_id = failed.load_id
            AND a.row_number = failed.row_number
            AND a.reading = failed.reading
            AND r.rule_id = failed.rule_id
    )
