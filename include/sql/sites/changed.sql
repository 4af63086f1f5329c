-- Reads: staged_rows, batch_file.
{% set changed %}{% for column in f.contract.names %}"{{ column }}"{{ " OR " if not loop.last }}{% endfor %}{% endset %}
-- What is staged beside what counts of the same files: rows of one key are compared in their order.
WITH
standing AS (
    SELECT
        r.*,
        ROW_NUMBER() OVER (PARTITION BY r.load_id, r.{{ f.key }} ORDER BY r.row_number ASC) AS nth
    FROM received.{{ f.name }} AS r
    INNER JOIN received.standing_reading AS s ON r.load_id = s.load_id AND r.reading = s.reading
    WHERE r.load_id IN (SELECT b.load_id FROM batch_file AS b)
),

again AS (
    SELECT
        s.*,
        b.load_id,
        ROW_NUMBER() OVER (PARTITION BY b.load_id, s.{{ f.key }} ORDER BY s.row_number ASC) AS nth
    FROM staged_rows AS s
    INNER JOIN batch_file AS b ON s.file_number = b.file_number
),

pair AS (
    SELECT
        COALESCE(a.load_id, b.load_id) AS load_id,
        b.load_id IS NOT NULL AS was,
        a.load_id IS NOT NULL AS will_be,
        d.record_key IS NOT NULL AS is_decided,
{% for column in f.contract.names %}
        COALESCE(a.load_id = b.load_id, FALSE) AND (a."{{ column }}" IS DISTINCT FROM b."{{ column }}")
            AS "{{ column }}"{{ "," if not loop.last }}
{% endfor %}
    FROM again AS a
    FULL JOIN standing AS b
        ON
            a.load_id = b.load_id
            AND COALESCE(a.{{ f.key }}, '') = COALESCE(b.{{ f.key }}, '')
            AND a.nth = b.nth
    LEFT JOIN (
        SELECT DISTINCT i.record_key
        FROM decision.in_force AS i
        WHERE i.feed = '{{ f.name }}' AND i.kind IN ('reject', 'override')
    ) AS d ON b.{{ f.key }} = d.record_key
)

SELECT
    load_id,
    COUNT(*) FILTER (WHERE was) AS "before",
    COUNT(*) FILTER (WHERE will_be) AS "after",
    COUNT(*) FILTER (WHERE NOT was) AS "new",
    COUNT(*) FILTER (WHERE NOT will_be) AS "gone",
    COUNT(*) FILTER (WHERE {{ changed }}) AS "changed",
    COUNT(*) FILTER (WHERE is_decided AND (NOT will_be OR {{ changed }})) AS "decided",
{% for column in f.contract.names %}
    COUNT(*) FILTER (WHERE "{{ column }}") AS "{{ column }}"{{ "," if not loop.last }}
{% endfor %}
FROM pair
GROUP BY load_id
