-- Reads: touched_key, failed. Makes: standing.
-- All rows of the touched keys, and those without a key, in the order of their versions (`place`). A cancelled row that
-- names no patient is of the patient of the row before it, else of any row of its key: a deletion may say no more. What
-- another content of a full export replaced stands before all else of its day, what a person withdrew included.
CREATE TEMPORARY TABLE standing AS
WITH
of_key AS (
    SELECT
        r.{{ f.key }} AS record_key,
        r.{{ f.key }} AS key_text,
        r.load_id,
        r.row_number,
        r.reading,
        {{ f.patient('r') }} AS patient_id,
        r.status,
        {{ f.stored_content('r') }} AS content
    FROM received.{{ f.name }} AS r
    WHERE r.{{ f.key }} IN (SELECT t.record_key FROM touched_key AS t)
    UNION ALL
    SELECT
        r.{{ f.key }} AS record_key,
        r.load_id || ' ' || CAST(r.row_number AS TEXT) AS key_text,
        r.load_id,
        r.row_number,
        r.reading,
        {{ f.patient('r') }} AS patient_id,
        r.status,
        {{ f.stored_content('r') }} AS content
    FROM received.{{ f.name }} AS r
    WHERE r.{{ f.key }} IS NULL
),

placed AS (
    SELECT
        k.*,
        ROW_NUMBER() OVER (
            PARTITION BY k.key_text
            ORDER BY
                f.batch_date ASC,
                CASE WHEN p.load_id IS NULL THEN 1 ELSE 0 END ASC,
                f.file_order ASC,
                f.delivery ASC,
                f.load_id ASC,
                k.row_number ASC,
                k.reading ASC
        ) AS place
    FROM of_key AS k
    INNER JOIN received.file AS f ON k.load_id = f.load_id
    LEFT JOIN ops.replaced_full AS p ON k.load_id = p.load_id
),

counted AS (
    SELECT
        *,
        COUNT(patient_id) OVER (PARTITION BY key_text ORDER BY place ASC) AS patients_before
    FROM placed
),

named AS (
    SELECT
        record_key,
        key_text,
        load_id,
        row_number,
        reading,
        COALESCE(
            patient_id,
            CASE
                WHEN status = 'cancelled'
                    THEN
                        COALESCE(
                            MAX(patient_id) OVER (PARTITION BY key_text, patients_before),
                            MAX(patient_id) OVER (PARTITION BY key_text)
                        )
            END
        ) AS patient_id,
        status,
        content,
        place
    FROM counted
),

again AS (
    SELECT
        load_id,
        row_number,
        MAX(reading) AS reading
    FROM received.reread
    GROUP BY load_id, row_number
),

own AS (
    SELECT DISTINCT
        load_id,
        row_number,
        reading
    FROM failed
    WHERE severity = 'critical' AND decision_id IS NULL AND cell IS NULL AND NOT is_late
),

late AS (
    SELECT DISTINCT
        load_id,
        row_number,
        reading
    FROM failed
    WHERE severity = 'critical' AND decision_id IS NULL AND is_late
)

SELECT
    k.record_key,
    k.key_text,
    k.load_id,
    k.row_number,
    k.reading,
    k.patient_id,
    COALESCE(q.person_id, k.patient_id) AS person_id,
    k.status,
    k.content,
    CASE WHEN d.kind = 'reject' THEN d.decision_id END AS rejected_by,
    CASE WHEN d.kind = 'reopen' THEN d.decision_id END AS reopened_by,
    CASE
        WHEN k.reading < s.reading OR k.reading < a.reading THEN 'void'
        WHEN d.kind = 'reject' OR o.load_id IS NOT NULL THEN 'failed'
        WHEN e.load_id IS NOT NULL THEN 'late'
        {% if f.waits %}
        WHEN l.patient_id IS NULL THEN 'waiting'
        {% endif %}
        ELSE 'valid'
    END AS verdict,
    k.place
FROM named AS k
INNER JOIN received.standing_reading AS s ON k.load_id = s.load_id
LEFT JOIN again AS a ON k.load_id = a.load_id AND k.row_number = a.row_number
LEFT JOIN own AS o ON k.load_id = o.load_id AND k.row_number = o.row_number AND k.reading = o.reading
LEFT JOIN late AS e ON k.load_id = e.load_id AND k.row_number = e.row_number AND k.reading = e.reading
{% if f.waits %}
LEFT JOIN clinical.lifespan AS l ON k.patient_id = l.patient_id
{% endif %}
LEFT JOIN clinical.person AS q ON k.patient_id = q.patient_id
LEFT JOIN decision.in_force AS d
    ON
        d.feed = '{{ f.name }}'
        AND k.content = d.content
        AND COALESCE(k.record_key, '') = COALESCE(d.record_key, '')
