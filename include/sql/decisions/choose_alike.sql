-- Versions, and rows that a later version corrected, that say what a chosen record says.
INSERT INTO chosen_record (load_id, row_number, feed, record_key)
WITH
said AS (
    SELECT DISTINCT
        q.record_key,
        q.content
    FROM chosen_record AS c
    INNER JOIN quarantine.record AS q ON c.load_id = q.load_id AND c.row_number = q.row_number
    WHERE c.feed = '{{ feed }}'
),

kept AS (
    SELECT
        f.load_id,
        f.row_number,
        MAX(f.content) AS content
    FROM quarantine.failure AS f
    WHERE f.feed = '{{ feed }}' AND f.content IS NOT NULL
    GROUP BY f.load_id, f.row_number
),

alike AS (
    SELECT
        r.load_id,
        r.row_number,
        s.record_key
    FROM (
        SELECT
            {% include "loading/as_staged.sql" %},
            v.load_id,
            v.row_number
        FROM clinical.{{ feed }} AS v
        WHERE v."{{ key }}" IN (SELECT w.record_key FROM said AS w)
    ) AS r
    LEFT JOIN kept AS k ON r.load_id = k.load_id AND r.row_number = k.row_number
    INNER JOIN said AS s ON r."{{ key }}" = s.record_key AND s.content = COALESCE(k.content, {{ content }})
    UNION
    SELECT
        q.load_id,
        q.row_number,
        q.record_key
    FROM quarantine.record AS q
    INNER JOIN said AS s ON q.content = s.content
    WHERE q.feed = '{{ feed }}' AND q.state = 'corrected' AND q.reason = '{{ later_version }}'
)

SELECT
    a.load_id,
    a.row_number,
    '{{ feed }}' AS feed,
    a.record_key
FROM alike AS a
WHERE
    NOT EXISTS (
        SELECT 1
        FROM chosen_record AS c
        WHERE c.load_id = a.load_id AND c.row_number = a.row_number
    )
