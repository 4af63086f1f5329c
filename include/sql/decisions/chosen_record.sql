{% from 'decisions/selected.sql' import selected with context %}
-- Makes: chosen_record.
-- Rows in quarantine, and rows that have cells there. Identical rows of other files share the decision: it is about what
-- the row says.
CREATE TEMPORARY TABLE chosen_record AS
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
    WHERE state IN ({% for state in states %}'{{ state }}'{{ ", " if not loop.last }}{% endfor %})
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
