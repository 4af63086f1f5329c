-- Rows in quarantine and cells that are set aside alone; no other cell of theirs.
WITH aside AS (
    SELECT
        load_id,
        row_number,
        source,
        feed,
        '' AS column_name,
        record_key,
        state,
        rule_ids,
        decided_by,
        reason
    FROM quarantine.record
    UNION ALL
    SELECT
        load_id,
        row_number,
        source,
        feed,
        column_name,
        record_key,
        state,
        rule_ids,
        decided_by,
        reason
    FROM quarantine.cell
)

SELECT
    a.load_id,
    a.row_number,
    f.batch_date,
    COALESCE(f.site, '') AS site,
    a.source,
    a.feed,
    a.column_name,
    a.record_key,
    a.state,
    COALESCE(a.rule_ids, '') AS rule_ids,
    a.decided_by,
    a.reason,
    COUNT(*) OVER () AS total
FROM aside AS a
INNER JOIN received.file AS f ON a.load_id = f.load_id
WHERE
    (CAST(:state AS TEXT) IS NULL OR a.state = :state)
    AND (CAST(:load_id AS TEXT) IS NULL OR a.load_id = :load_id)
    AND (CAST(:row_number AS BIGINT) IS NULL OR a.row_number = :row_number)
    AND (CAST(:source AS TEXT) IS NULL OR a.source = :source)
    AND (CAST(:feed AS TEXT) IS NULL OR a.feed = :feed)
    AND (CAST(:rule_id AS TEXT) IS NULL OR STRPOS(',' || a.rule_ids || ',', ',' || CAST(:rule_id AS TEXT) || ',') > 0)
    AND (CAST(:record_key AS TEXT) IS NULL OR a.record_key = :record_key)
ORDER BY f.batch_date DESC, a.load_id ASC, a.row_number ASC, a.column_name ASC
LIMIT :most OFFSET :skipped
