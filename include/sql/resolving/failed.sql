-- Reads: touched_key, failing, known. Makes: failed.
-- What rows of the touched keys fail, by themselves or by their patient's birth and death, and who has overridden it.
-- `cell` is the column that alone is set aside for it; null = the row is.
CREATE TEMPORARY TABLE failed AS
SELECT
    f.load_id,
    f.row_number,
    f.reading,
    f.rule_id,
    f.severity,
    FALSE AS is_late,
    f.record_key,
    f.patient_id,
    f.value_hash,
    d.decision_id,
    {% if cells %}
    CASE
        WHEN
            f.level = 'cell'
            AND f.severity = 'critical'
            AND SPLIT_PART(f.rule_id, '.', 2) IN ({% for name in cells %}'{{ name }}'{{ ", " if not loop.last }}{% endfor %})
            THEN SPLIT_PART(f.rule_id, '.', 2)
    END AS cell
    {% else %}
    CAST(NULL AS TEXT) AS cell
    {% endif %}
FROM received.failure_in_force AS f
LEFT JOIN decision.in_force AS d
    ON
        d.kind = 'override'
        AND f.feed = d.feed
        AND f.record_key = d.record_key
        AND f.rule_id = d.rule_id
        AND f.value_hash = d.value_hash
WHERE
    f.feed = '{{ f.name }}'
    AND (f.record_key IS NULL OR f.record_key IN (SELECT t.record_key FROM touched_key AS t))
UNION ALL
{% set table = "known" %}
{% include "resolving/late_failure.sql" %}

