INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, payload, content, rule_ids,
    state, audited_state, reason, decided_by
)
SELECT
    r.load_id,
    {% include "loading/record_cells.sql" %},
    f.rule_ids,
    'overridden',
    'overridden',
    'these values were overridden before',
    'registry'
FROM (
    SELECT
        {% include "loading/as_staged.sql" %},
        v.load_id,
        v.row_number
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
