-- The facts of a table, all of them or those up to the end of a day: extracts of that day or an earlier one, what people
-- withdrew by then, decisions made by then, and what was read of these files before a later decision released them.
INSERT INTO {{ table.name }} ({{ table.column_names }})
SELECT {{ table.column_names }}
FROM {{ source }} AS f
{% if up_to %}
WHERE
{% if up_to == "batch_date" %}
    f.batch_date <= CAST(:as_of AS DATE)
    AND (COALESCE(f.withdraws, '') = '' OR f.load_id IN (SELECT s.load_id FROM decision.subject AS s))
{% elif up_to == "decided_at" %}
    f.decided_at < CAST(:as_of AS DATE) + INTERVAL '1' DAY
{% elif up_to == "decision_id" %}
    f.decision_id IN (SELECT e.decision_id FROM decision.event AS e)
{% elif up_to == "load_id" %}
    f.load_id IN (SELECT d.load_id FROM received.file AS d)
{% elif up_to == "finished_at" %}
    f.load_id IN (SELECT d.load_id FROM received.file AS d)
    AND NOT EXISTS (
        SELECT 1
        FROM {{ event }} AS e
        INNER JOIN {{ subject }} AS s ON e.decision_id = s.decision_id
        WHERE
            s.load_id = f.load_id
            AND e.decided_at >= CAST(:as_of AS DATE) + INTERVAL '1' DAY
            AND e.decided_at <= f.finished_at
    )
{% elif up_to == "reading" %}
    EXISTS (SELECT 1 FROM received.reading AS r WHERE r.load_id = f.load_id AND r.reading = f.reading)
{% endif %}
{% endif %}
