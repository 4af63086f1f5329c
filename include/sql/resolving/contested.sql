-- Reads: new_reading. Adds to: touched_key.
-- The keys of new rows that have other rows as well; of merges all, as one contradicts another.
INSERT INTO touched_key (record_key)
SELECT r.{{ f.key }}
FROM received.{{ f.name }} AS r
{% if f.of_patients and not everything %}
WHERE
    r.{{ f.key }} IN (
        SELECT n.{{ f.key }}
        FROM received.{{ f.name }} AS n
        INNER JOIN new_reading AS w ON n.load_id = w.load_id AND n.reading = w.reading
    )
{% endif %}
GROUP BY r.{{ f.key }}
{% if f.of_patients %}
HAVING COUNT(*) > 1
{% endif %}
