-- The rows, whole or by a cell, that a decision about a selection would be about.
SELECT DISTINCT
    load_id,
    row_number,
    feed,
    state
FROM (
    SELECT
        load_id,
        row_number,
        source,
        feed,
        record_key,
        rule_ids,
        state
    FROM quarantine.record
    UNION ALL
    SELECT
        load_id,
        row_number,
        source,
        feed,
        record_key,
        rule_ids,
        state
    FROM quarantine.cell
) AS q
WHERE
    (CAST(:state AS TEXT) IS NULL OR q.state = :state)
    AND (CAST(:load_id AS TEXT) IS NULL OR q.load_id = :load_id)
    AND (CAST(:row_number AS BIGINT) IS NULL OR q.row_number = :row_number)
    AND (CAST(:source AS TEXT) IS NULL OR q.source = :source)
    AND (CAST(:feed AS TEXT) IS NULL OR q.feed = :feed)
    AND (CAST(:rule_id AS TEXT) IS NULL OR STRPOS(',' || q.rule_ids || ',', ',' || CAST(:rule_id AS TEXT) || ',') > 0)
    AND (CAST(:record_key AS TEXT) IS NULL OR q.record_key = :record_key)
ORDER BY load_id ASC, row_number ASC, state ASC
