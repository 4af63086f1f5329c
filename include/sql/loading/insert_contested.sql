INSERT INTO clinical.{{ feed }} (
    {{ columns }},
    load_id, row_number, last_load_id, last_row_number, batch_date, first_batch_date, arrival, version_state
)
WITH
judged AS (
    SELECT
        c.*,
        CASE
            WHEN {% if announces %}FALSE{% else %}l.patient_id IS NULL{% endif %} THEN 'waiting'
            WHEN c.is_quarantined = 1 THEN 'quarantined'
            ELSE 'valid'
        END AS validity
    FROM candidate AS c
    {% if not announces %}
    LEFT JOIN clinical.lifespan AS l ON c.patient_id = l.patient_id
    {% endif %}
    WHERE c.from_last = 1
)

SELECT
    {{ columns }},
    first_load_id,
    first_row_number,
    last_load_id,
    last_row_number,
    batch_date,
    first_batch_date,
    first_arrival,
    CASE
        WHEN validity <> 'valid' THEN validity
        WHEN ROW_NUMBER() OVER (PARTITION BY "{{ key }}", validity ORDER BY version_order DESC) = 1 THEN 'current'
        ELSE 'past'
    END
FROM judged
