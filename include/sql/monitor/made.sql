-- When each feed's rows, table and other source of tables was last made or changed.
SELECT
    step,
    changed_at
FROM ops.step
ORDER BY step ASC
