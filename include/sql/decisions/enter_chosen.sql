{% set content = "COALESCE(f.content, " ~ content ~ ")" %}
-- Records of the chosen rows that are in the clinical record and never had one.
INSERT INTO quarantine.record (
    load_id, source, feed, row_number, record_key, patient_id, payload, content, rule_ids, state, audited_state
)
WITH
failed AS (
    SELECT
        f.load_id,
        f.row_number,
        MAX(f.content) AS content,
        STRING_AGG(CASE WHEN f.severity = 'critical' THEN f.rule_id END, ',' ORDER BY f.rule_id ASC) AS rule_ids
    FROM quarantine.failure AS f
    INNER JOIN chosen_record AS c ON f.load_id = c.load_id AND f.row_number = c.row_number
    GROUP BY f.load_id, f.row_number
)

SELECT
    r.load_id,
    {% include "loading/record_cells.sql" %},
    f.rule_ids,
    CASE WHEN f.rule_ids IS NULL THEN 'corrected' ELSE 'overridden' END,
    CASE WHEN f.rule_ids IS NULL THEN 'corrected' ELSE 'overridden' END
FROM (
    SELECT
        {% include "loading/as_staged.sql" %},
        v.load_id,
        v.row_number
    FROM clinical.{{ feed }} AS v
    INNER JOIN chosen_record AS c ON v.load_id = c.load_id AND v.row_number = c.row_number
    WHERE c.feed = '{{ feed }}'
) AS r
LEFT JOIN failed AS f ON r.load_id = f.load_id AND r.row_number = f.row_number
WHERE
    NOT EXISTS (
        SELECT 1
        FROM quarantine.record AS q
        WHERE q.load_id = r.load_id AND q.row_number = r.row_number
    )
