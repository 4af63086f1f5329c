-- Whose the keys `keys` are that versions of several patients share: of the patient of the first version, until a
-- corrected one, or one whose move was overridden, takes the key over. A version is judged where it was sent first; one
-- that takes the key over does so whenever it is sent.
CREATE TEMPORARY TABLE owned AS
WITH
shared AS (
    SELECT v."{{ key }}" AS record_key
    FROM clinical.{{ feed }} AS v
    WHERE
        v."{{ key }}" IN (
            SELECT u."{{ key }}"
            FROM clinical.{{ feed }} AS u
            WHERE u.arrival = 'updated' AND u."{{ key }}" IN ({{ keys }})
        )
    GROUP BY v."{{ key }}"
    HAVING MIN(v.patient_id) <> MAX(v.patient_id)
),

version AS (
    SELECT
        r.load_id,
        r.row_number,
        r."{{ key }}" AS record_key,
        r.patient_id,
        COALESCE(r.earliest_load_id, r.last_load_id) AS first_load_id,
        COALESCE(r.earliest_row_number, r.last_row_number) AS first_row_number,
        r.last_load_id,
        r.last_row_number,
        r.status = 'corrected' OR o.record_key IS NOT NULL AS takes_over
    FROM clinical.{{ feed }} AS r
    INNER JOIN shared AS s ON r."{{ key }}" = s.record_key
    LEFT JOIN (
        SELECT DISTINCT
            record_key,
            value_hash
        FROM quarantine.override
        WHERE feed = '{{ feed }}' AND rule_id = '{{ feed }}.patient_id.moved' AND ended_at IS NULL
    ) AS o ON r."{{ key }}" = o.record_key AND o.value_hash = {{ patient_hash }}
),

sending AS (
    SELECT
        load_id,
        row_number,
        record_key,
        patient_id,
        takes_over,
        TRUE AS is_first,
        first_load_id AS sent_by,
        first_row_number AS sent_as
    FROM version
    UNION ALL
    SELECT
        load_id,
        row_number,
        record_key,
        patient_id,
        takes_over,
        FALSE AS is_first,
        last_load_id AS sent_by,
        last_row_number AS sent_as
    FROM version
    WHERE takes_over AND (last_load_id <> first_load_id OR last_row_number <> first_row_number)
),

ordered AS (
    SELECT
        s.*,
        ROW_NUMBER() OVER (
            PARTITION BY s.record_key ORDER BY l.batch_date ASC, l.file_order ASC, l.delivery ASC, s.sent_as ASC
        ) AS place
    FROM sending AS s
    INNER JOIN ops.load AS l ON s.sent_by = l.load_id
),

taken AS (
    SELECT
        *,
        CASE WHEN takes_over OR place = 1 THEN place END AS taken_at
    FROM ordered
),

followed AS (
    SELECT
        *,
        MAX(taken_at) OVER (
            PARTITION BY record_key ORDER BY place ASC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS taken_before,
        MAX(taken_at) OVER (PARTITION BY record_key) AS taken_last
    FROM taken
)

SELECT
    f.load_id,
    f.row_number,
    f.takes_over,
    COALESCE(f.patient_id <> before.patient_id, FALSE) AS is_moved,
    f.patient_id = last.patient_id AS is_of_owner
FROM followed AS f
LEFT JOIN taken AS before ON f.record_key = before.record_key AND f.taken_before = before.place
INNER JOIN taken AS last ON f.record_key = last.record_key AND f.taken_last = last.place
WHERE f.is_first
