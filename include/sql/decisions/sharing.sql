{% from 'decisions/selected.sql' import selected with context %}
-- Rows that are set aside in some states, by a Selection, and all rows that say the same.
{% macro sharing() %}
WITH
possible AS (
{% for table in ("record", "cell") %}
    SELECT
        load_id,
        row_number,
        source,
        feed,
        record_key,
        rule_ids,
        state,
        content
    FROM quarantine.{{ table }}
    WHERE state = ANY(CAST(:states AS TEXT[]))
{% if not loop.last %}
    UNION ALL
{% endif %}
{% endfor %}
),

selected AS (
    SELECT
        feed,
        content
    FROM possible
    WHERE
        {{ selected('') }}
)

SELECT
    p.load_id,
    p.row_number,
    p.feed,
    p.record_key,
    p.content,
    MIN(p.state) AS state
FROM possible AS p
WHERE EXISTS (SELECT 1 FROM selected AS s WHERE s.feed = p.feed AND s.content = p.content)
GROUP BY p.load_id, p.row_number, p.feed, p.record_key, p.content
{%- endmacro %}
