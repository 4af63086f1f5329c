-- Reads: new_reading. Makes: touched_key.
-- The keys that other facts touch than a new row of theirs: decisions about them, what became known of a patient whose
-- rows are resolved already, and other readings of their file.
CREATE TEMPORARY TABLE touched_key AS
SELECT s.record_key
FROM decision.subject AS s
INNER JOIN decision.event AS e ON s.decision_id = e.decision_id OR (e.kind = 'undo' AND s.decision_id = e.undoes)
WHERE
    s.feed = '{{ f.name }}'
    AND s.record_key IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM resolved.decision AS d
        WHERE d.decision_id = e.decision_id AND d.feed = '{{ f.name }}'
    )
{% if f.of_patients %}
UNION
SELECT r.{{ f.key }} AS record_key
FROM received.{{ f.name }} AS r
WHERE r.patient_id IN (SELECT d.patient_id FROM resolved.due AS d WHERE d.feed = '{{ f.name }}')
{% endif %}
UNION
SELECT r.{{ f.key }} AS record_key
FROM received.{{ f.name }} AS r
WHERE r.load_id IN (SELECT n.load_id FROM new_reading AS n WHERE n.reading > 1)
