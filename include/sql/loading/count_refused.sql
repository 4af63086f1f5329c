SELECT COUNT(*)
FROM refused AS u
WHERE
    NOT EXISTS (
        SELECT 1
        FROM failure AS f
        WHERE f.row_number = u.row_number AND f.level <> 'lifespan'
    )
