INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, rule_ids, payload, content,
    state, audited_state, reason, decided_by
)
SELECT
    r.load_id,
    '{{ source }}',
    '{{ feed }}',
    r.row_number,
    r."{{ key }}",
    r.patient_id,
    f.rule_ids,
    CAST({{ json_object }}({{ payload }}) AS TEXT),
    {{ content }},
    'overridden',
    'overridden',
    'these values were overridden before',
    'registry'
FROM (
    SELECT
        v.*
{%- for name in typed %},
        CAST(v."{{ name }}" AS TEXT) AS "{{ name }}_text"
{%- endfor %}
    FROM clinical.{{ feed }} AS v
) AS r
INNER JOIN chosen_record AS c ON r.load_id = c.load_id AND r.row_number = c.row_number
INNER JOIN (
    SELECT
        load_id,
        row_number,
        STRING_AGG(rule_id, ',' ORDER BY rule_id ASC) AS rule_ids
    FROM quarantine.failure
    WHERE is_overridden
    GROUP BY load_id, row_number
) AS f ON r.load_id = f.load_id AND r.row_number = f.row_number
WHERE
    c.feed = '{{ feed }}'
    AND NOT EXISTS (
        SELECT 1
        FROM quarantine.record AS q
        WHERE q.load_id = r.load_id AND q.row_number = r.row_number
    )
