{% from 'resolving/of_few.sql' import of_few with context %}
-- Reads: new_reading. Makes: touched_key.
{% if without_death %}
-- The visits that any version tells a death of.
CREATE TEMPORARY TABLE touched_key AS
SELECT DISTINCT {{ f.key }} AS record_key
FROM received.{{ f.name }}
WHERE vital_status = 'dead' AND {{ f.key }} IS NOT NULL
{% else %}
-- The keys of new rows that have other rows as well (of merges all, as one contradicts another), and those that other
-- facts touch: decisions about them, what became known of a patient whose rows are resolved already, other readings of
-- their file, and another content in the place of a full export.
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
UNION
SELECT r.{{ f.key }} AS record_key
FROM received.{{ f.name }} AS r
WHERE
    r.{{ f.key }} IS NOT NULL
    AND r.load_id IN (
        SELECT p.load_id
        FROM ops.replaced_full AS p
        INNER JOIN new_reading AS n ON n.load_id IN (p.load_id, p.latest_load_id)
        WHERE p.feed = '{{ f.name }}'
    )
UNION
SELECT r.{{ f.key }} AS record_key
FROM received.{{ f.name }} AS r
{% if f.of_patients and not everything %}
WHERE
    r.{{ f.key }} IN (
        SELECT n.{{ f.key }}
        FROM received.{{ f.name }} AS n
        INNER JOIN new_reading AS w ON n.load_id = w.load_id AND n.reading = w.reading{{ of_few(loads, 'n') }}
    )
{% endif %}
GROUP BY r.{{ f.key }}
{% if f.of_patients %}
HAVING COUNT(*) > 1
{% endif %}
{% endif %}
