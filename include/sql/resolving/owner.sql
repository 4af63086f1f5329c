-- Reads: standing. Makes: owner.
-- Whose each key is that rows of several persons share: of the person of its first row, until a corrected one, or one
-- whose move somebody has overridden, takes it over.
CREATE TEMPORARY TABLE owner AS
WITH
shared AS (
    SELECT key_text
    FROM standing
    WHERE verdict IN ('waiting', 'valid')
    GROUP BY key_text
    HAVING MIN(person_id) <> MAX(person_id)
),

taking AS (
    SELECT
        s.key_text,
        s.record_key,
        s.load_id,
        s.row_number,
        s.reading,
        s.patient_id,
        s.person_id,
        s.status,
        s.place,
        CASE
            WHEN
                s.status = 'corrected'
                OR d.decision_id IS NOT NULL
                OR s.place = MIN(s.place) OVER (PARTITION BY s.key_text)
                THEN s.place
        END AS taken_at
    FROM standing AS s
    INNER JOIN shared AS k ON s.key_text = k.key_text
    LEFT JOIN decision.in_force AS d
        ON
            d.kind = 'override'
            AND d.feed = '{{ f.name }}'
            AND d.rule_id = '{{ f.name }}.patient_id.moved'
            AND s.record_key = d.record_key
            AND {{ f.stored_hash('s', ['patient_id']) }} = d.value_hash
    WHERE s.verdict IN ('waiting', 'valid')
),

followed AS (
    SELECT
        *,
        MAX(taken_at) OVER (
            PARTITION BY key_text ORDER BY place ASC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS taken_before,
        MAX(taken_at) OVER (PARTITION BY key_text) AS taken_last
    FROM taking
)

SELECT
    f.key_text,
    f.load_id,
    f.row_number AS row_of_file,
    f.reading,
    ROW_NUMBER() OVER (ORDER BY f.key_text ASC, f.place ASC) AS row_number,
    1 AS file_number,
    {% if not f.announces %}
    f.record_key AS {{ f.key }},
    {% endif %}
    f.patient_id,
    f.status,
    COALESCE(f.person_id <> before.person_id, FALSE) AS is_moved,
    f.person_id = last.person_id AS is_of_owner
FROM followed AS f
LEFT JOIN taking AS before ON f.key_text = before.key_text AND f.taken_before = before.taken_at
INNER JOIN taking AS last ON f.key_text = last.key_text AND f.taken_last = last.taken_at
