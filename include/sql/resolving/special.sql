-- Reads: new_reading, failing, known. Adds to: touched_key.
-- The keys of new rows that fail a rule, say what was rejected, or wait: all others are the only version of their key,
-- and current.
INSERT INTO touched_key (record_key)
SELECT f.record_key
FROM received.failure AS f
INNER JOIN new_reading AS n ON f.load_id = n.load_id AND f.reading = n.reading
WHERE f.severity = 'critical'
UNION
SELECT record_key
FROM decision.in_force
WHERE
    kind = 'reject'
    AND feed = '{{ f.name }}'
    AND record_key IN (SELECT k.{{ f.key }} FROM known AS k)
UNION
SELECT k.{{ f.key }}
FROM failing AS f
INNER JOIN known AS k ON f.row_number = k.row_number
{% if f.waits %}
UNION
SELECT {{ f.key }}
FROM known
WHERE NOT is_announced
{% endif %}
