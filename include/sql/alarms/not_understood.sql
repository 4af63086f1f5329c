{% from 'ops/doubled.sql' import doubled %}
-- Codes and units that no list knows, be their rows set aside or not. The same ones come night after night, with clean
-- extracts between. Those that came first in one extract, with no thirty days without before the next, are one alarm,
-- which tells of the latest extract that has one of them; another code is another alarm. It is the same until they are
-- others, or twice as many cells in an extract: the state has a hash of the texts, never a text.
-- What was written long ago is looked up for columns alone that had such a cell in the last thirty days.
WITH
rule AS (
    SELECT
        r.rule_id,
        SPLIT_PART(r.rule_id, '.', 2) AS column_name,
        p.counted_as
    FROM reference.rule AS r
    INNER JOIN reference.intake_rule AS p ON r.rule_id LIKE p.rule_pattern
    WHERE p.counted_as IN ('unmapped_code', 'unmapped_unit')
),

standing AS (
    SELECT
        site,
        source,
        feed,
        batch_date,
        load_id,
        batch_date > MAX(batch_date) OVER (PARTITION BY site, feed) - 30 AS is_recent
    FROM ops.standing_file
    WHERE site <> ''
),

failing_lately AS (
    SELECT DISTINCT
        l.site,
        l.feed,
        t.column_name,
        t.counted_as
    FROM received.failure_in_force AS f
    INNER JOIN standing AS l ON f.load_id = l.load_id AND l.is_recent
    INNER JOIN rule AS t ON f.rule_id = t.rule_id
),

failing AS (
    SELECT
        l.site,
        l.source,
        l.feed,
        l.batch_date,
        f.load_id,
        f.reading,
        f.row_number,
        l.is_recent,
        t.counted_as,
        t.column_name
    FROM received.failure_in_force AS f
    INNER JOIN standing AS l ON f.load_id = l.load_id
    INNER JOIN rule AS t ON f.rule_id = t.rule_id
    INNER JOIN failing_lately AS n
        ON l.site = n.site AND l.feed = n.feed AND t.column_name = n.column_name AND t.counted_as = n.counted_as
),

cell AS (
{% for contract in feeds %}
    SELECT
        n.*,
        CASE n.column_name
        {% for field in contract.fields if field.type == 'text' %}
            WHEN '{{ field.name }}' THEN r."{{ field.name }}"
        {% endfor %}
        END AS said
    FROM failing AS n
    INNER JOIN received.{{ contract.feed }} AS r
        ON n.load_id = r.load_id AND n.reading = r.reading AND n.row_number = r.row_number
    WHERE n.feed = '{{ contract.feed }}'
{{ "    UNION ALL" if not loop.last }}
{% endfor %}
),

text_day AS (
    SELECT
        site,
        source,
        feed,
        counted_as,
        column_name || '=' || COALESCE(said, '') AS text,
        batch_date,
        is_recent,
        COUNT(*) AS cells,
        LAG(batch_date) OVER (
            PARTITION BY site, feed, counted_as, column_name || '=' || COALESCE(said, '') ORDER BY batch_date ASC
        ) AS before_it
    FROM cell
    GROUP BY site, source, feed, counted_as, column_name || '=' || COALESCE(said, ''), batch_date, is_recent
),

begun AS (
    SELECT
        *,
        MAX(CASE WHEN before_it IS NULL OR batch_date - before_it > 30 THEN batch_date END)
            OVER (PARTITION BY site, feed, counted_as, text) AS since,
        BOOL_OR(is_recent) OVER (PARTITION BY site, feed, counted_as, text) AS came_lately
    FROM text_day
),

alarm_day AS (
    SELECT
        site,
        source,
        feed,
        since,
        batch_date,
        SUM(cells) AS cells,
        CAST(COALESCE(SUM(cells) FILTER (WHERE counted_as = 'unmapped_code'), 0) AS BIGINT) AS unmapped_codes,
        CAST(COALESCE(SUM(cells) FILTER (WHERE counted_as = 'unmapped_unit'), 0) AS BIGINT) AS unmapped_units,
        MD5(STRING_AGG(text, CHR(31) ORDER BY text ASC) FILTER (WHERE batch_date = since)) AS texts
    FROM begun
    WHERE batch_date >= since AND came_lately
    GROUP BY site, source, feed, since, batch_date
)

SELECT
    site,
    source,
    feed,
    feed AS subject,
    since AS batch_date,
    LEFT(texts, 8) || ', ' || {{ doubled('most') }} AS state,
    unmapped_codes,
    unmapped_units
FROM (
    SELECT
        site,
        source,
        feed,
        since,
        unmapped_codes,
        unmapped_units,
        MAX(cells) OVER (PARTITION BY site, feed, since) AS most,
        MAX(texts) OVER (PARTITION BY site, feed, since) AS texts,
        ROW_NUMBER() OVER (PARTITION BY site, feed, since ORDER BY batch_date DESC) AS age
    FROM alarm_day
) AS told
WHERE age = 1
ORDER BY site ASC, source ASC, feed ASC, since ASC
