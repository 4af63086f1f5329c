CREATE TEMPORARY TABLE settled AS
WITH
version AS (
    SELECT
        v.load_id,
        v.row_number,
        v."{{ key }}" AS record_key,
        v.patient_id,
        v.arrival,
        v.version_state AS old_state,
        d.rule_ids,
        d.payload,
        d.content,
        COALESCE(d.is_overridden, FALSE) AS is_overridden,
        CASE
            {% if not announces %}
            WHEN k.patient_id IS NULL THEN 'waiting'
            {% endif %}
            WHEN d.load_id IS NULL AND v.version_state IN ('waiting', 'quarantined') THEN v.version_state
            WHEN d.rule_ids IS NOT NULL THEN 'quarantined'
            ELSE 'valid'
        END AS validity,
        ROW_NUMBER() OVER (
            PARTITION BY v."{{ key }}"
            ORDER BY l.batch_date ASC, l.file_order ASC, l.delivery ASC, v.last_row_number ASC
        ) AS version_order
    FROM clinical.{{ feed }} AS v
    INNER JOIN ops.load AS l ON v.last_load_id = l.load_id
    {% if not announces %}
    LEFT JOIN clinical.lifespan AS k ON v.patient_id = k.patient_id
    {% endif %}
    LEFT JOIN verdict AS d ON v.load_id = d.load_id AND v.row_number = d.row_number
    WHERE v."{{ key }}" IN (SELECT w.record_key FROM verdict AS w)
)

SELECT
    load_id,
    row_number,
    record_key,
    patient_id,
    arrival,
    old_state,
    rule_ids,
    payload,
    content,
    is_overridden,
    CASE
        WHEN validity <> 'valid' THEN validity
        WHEN ROW_NUMBER() OVER (PARTITION BY record_key, validity ORDER BY version_order DESC) = 1 THEN 'current'
        ELSE 'past'
    END AS new_state
FROM version
