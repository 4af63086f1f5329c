-- What else a row fails keeps it out: an override for it would hold for nothing.
DELETE FROM chosen
WHERE
    row_number IN (
        SELECT f.row_number
        FROM failure AS f
        WHERE f.rule_id NOT IN ({% for rule_id in rules %}'{{ rule_id }}'{{ ", " if not loop.last }}{% endfor %})
    )
