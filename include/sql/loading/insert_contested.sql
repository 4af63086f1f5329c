INSERT INTO clinical.{{ feed }} (
    {{ columns }},
    load_id, row_number, last_load_id, last_row_number, batch_date, first_batch_date,
    earliest_load_id, earliest_row_number, arrival, version_state
)
WITH
version AS (
    SELECT
        c.*,
        "{{ key }}" AS record_key,
        c.first_sent_by <> c.last_load_id OR c.first_sent_as <> c.last_row_number AS was_sent_again,
        TRUE AS is_of_owner,
        CASE
            WHEN c.is_quarantined = 1 THEN 'quarantined'
            WHEN {% if announces %}FALSE{% else %}l.patient_id IS NULL{% endif %} THEN 'waiting'
            ELSE 'valid'
        END AS validity
    FROM candidate AS c
    {% if not announces %}
    LEFT JOIN clinical.lifespan AS l ON c.patient_id = l.patient_id
    {% endif %}
    WHERE c.from_last = 1
),

ranked AS (
    SELECT
        *,
        {% include "loading/after_final.sql" %} AS after_final
    FROM version
)

SELECT
    {{ columns }},
    first_load_id,
    first_row_number,
    last_load_id,
    last_row_number,
    batch_date,
    first_batch_date,
    CASE WHEN was_sent_again THEN first_sent_by END,
    CASE WHEN was_sent_again THEN first_sent_as END,
    first_arrival,
    {% include "loading/version_state.sql" %} AS version_state
FROM ranked
