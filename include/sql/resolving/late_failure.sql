-- Reads: failing, {{ table }}.
{% set hash_of = f.stored_hash %}
SELECT
    s.load_id,
    s.row_of_file AS row_number,
    s.reading,
    f.rule_id,
    f.severity,
    TRUE AS is_late,
    s.{{ f.key }} AS record_key,
    {{ f.patient('s') }} AS patient_id,
    {% include "receiving/value_hash.sql" %} AS value_hash,
    d.decision_id,
    CAST(NULL AS TEXT) AS cell
FROM failing AS f
INNER JOIN {{ table }} AS s ON f.row_number = s.row_number
LEFT JOIN decision.in_force AS d
    ON
        d.kind = 'override'
        AND d.feed = '{{ f.name }}'
        AND s.{{ f.key }} = d.record_key
        AND f.rule_id = d.rule_id
        AND {% include "receiving/value_hash.sql" %} = d.value_hash
