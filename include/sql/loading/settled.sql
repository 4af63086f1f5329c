CREATE TEMPORARY TABLE settled AS
WITH
version AS (
    SELECT
        v.load_id,
        v.row_number,
        v."{{ key }}" AS record_key,
        v.patient_id,
        v.status,
        v.arrival,
        v.version_state AS old_state,
        d.rule_ids,
        d.payload,
        d.content,
        COALESCE(d.is_overridden, FALSE) AS is_overridden,
        {% if announces %}TRUE{% else %}COALESCE(o.is_of_owner, TRUE){% endif %} AS is_of_owner,
        CASE
            WHEN d.rule_ids IS NOT NULL THEN 'quarantined'
            WHEN d.load_id IS NULL AND v.version_state IN ('waiting', 'quarantined') THEN v.version_state
            {% if not announces %}
            WHEN k.patient_id IS NULL THEN 'waiting'
            {% endif %}
            ELSE 'valid'
        END AS validity,
        l.batch_date,
        l.file_order,
        l.delivery,
        v.last_row_number
    FROM clinical.{{ feed }} AS v
    INNER JOIN ops.load AS l ON v.last_load_id = l.load_id
    {% if not announces %}
    LEFT JOIN clinical.lifespan AS k ON v.patient_id = k.patient_id
    LEFT JOIN owned AS o ON v.load_id = o.load_id AND v.row_number = o.row_number
    {% endif %}
    LEFT JOIN verdict AS d ON v.load_id = d.load_id AND v.row_number = d.row_number
    WHERE v."{{ key }}" IN (SELECT w.record_key FROM verdict AS w)
),

ordered AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY record_key ORDER BY batch_date ASC, file_order ASC, delivery ASC, last_row_number ASC
        ) AS version_order
    FROM version
),

ranked AS (
    SELECT
        *,
        {% include "loading/after_final.sql" %} AS after_final
    FROM ordered
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
    {% include "loading/version_state.sql" %} AS new_state
FROM ranked
