-- Reads: failed. Changes: failed.
-- What a row fails by a cell that is set aside does not count: there is no value.
DELETE FROM failed
WHERE
    cell IS NULL
    AND EXISTS (
        SELECT 1
        FROM failed AS a
        INNER JOIN (
            SELECT
                r.rule_id,
                c.cell
            FROM (SELECT DISTINCT cell FROM failed WHERE cell IS NOT NULL) AS c
            INNER JOIN reference.rule AS r ON STRPOS(',' || r.columns_judged || ',', ',' || c.cell || ',') > 0
        ) AS looks_at ON a.cell = looks_at.cell
        WHERE
            a.decision_id IS NULL
            AND a.load_id = failed.load_id
            AND a.row_number = failed.row_number
            AND a.reading = failed.reading
            AND looks_at.rule_id = failed.rule_id
    )
