{% from 'monitor/sorted.sql' import by with context %}
-- The rows that fail a rule, each with what became of it: its state in quarantine, else loaded, or held with its file.
WITH failing AS (
    SELECT
        q.load_id,
        q.row_number,
        f.batch_date,
        COALESCE(f.site, '') AS site,
        f.source,
        q.feed,
        q.record_key,
        q.rule_id,
        COALESCE(r.state, c.state, CASE WHEN z.load_id IS NULL THEN 'held' ELSE 'loaded' END) AS state
    FROM quarantine.failure AS q
    INNER JOIN received.file AS f ON q.load_id = f.load_id
    LEFT JOIN (SELECT DISTINCT load_id FROM resolved.reading) AS z ON q.load_id = z.load_id
    LEFT JOIN quarantine.record AS r ON q.load_id = r.load_id AND q.row_number = r.row_number
    LEFT JOIN (
        SELECT
            load_id,
            row_number,
            MIN(state) AS state
        FROM quarantine.cell
        GROUP BY load_id, row_number
    ) AS c ON q.load_id = c.load_id AND q.row_number = c.row_number
    WHERE q.rule_id = :rule_id
)

SELECT
    load_id,
    row_number,
    batch_date,
    site,
    source,
    feed,
    record_key,
    rule_id,
    state,
    COUNT(*) OVER () AS total
FROM failing
WHERE
    (CAST(:feed AS TEXT) IS NULL OR feed = :feed)
    AND (CAST(:site AS TEXT) IS NULL OR site = :site)
    AND (CAST(:state AS TEXT) IS NULL OR state = :state)
ORDER BY
    {{ by('day', 'batch_date', 'DESC') }},
    {{ by('state', 'state', 'ASC') }},
    {{ by('row', 'load_id', 'ASC') }},
    batch_date DESC,
    load_id ASC,
    row_number ASC
LIMIT :most OFFSET :skipped
