-- Makes: found_content.
-- What the rows say that decisions are about, as far as they are received by now.
CREATE TEMPORARY TABLE found_content AS
{% for f in sources %}
SELECT
    p.decision_id,
    p.feed,
    p.load_id,
    p.row_number,
    r.{{ f.key }} AS record_key,
    {{ f.stored_content('r') }} AS content
FROM before.decided AS p
INNER JOIN received.{{ f.name }} AS r ON p.load_id = r.load_id AND p.row_number = r.row_number
WHERE p.rule_id IS NULL AND p.feed = '{{ f.name }}'
UNION ALL
{% endfor %}
SELECT
    p.decision_id,
    p.feed,
    p.load_id,
    p.row_number,
    NULL AS record_key,
    l.content
FROM before.decided AS p
INNER JOIN received.line AS l ON p.load_id = l.load_id AND p.row_number = l.row_number
WHERE p.rule_id IS NULL
