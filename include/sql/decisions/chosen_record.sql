CREATE TEMPORARY TABLE chosen_record AS
SELECT
    load_id,
    row_number,
    feed,
    record_key,
    state
FROM quarantine.record
WHERE
    state IN ({% for state in states %}'{{ state }}'{{ ", " if not loop.last }}{% endfor %})
    AND (CAST(:load_id AS TEXT) IS NULL OR load_id = :load_id)
    AND (CAST(:row_number AS BIGINT) IS NULL OR row_number = :row_number)
    AND (CAST(:source AS TEXT) IS NULL OR source = :source)
    AND (CAST(:feed AS TEXT) IS NULL OR feed = :feed)
    AND (CAST(:rule_id AS TEXT) IS NULL OR STRPOS(',' || rule_ids || ',', ',' || CAST(:rule_id AS TEXT) || ',') > 0)
    AND (CAST(:record_key AS TEXT) IS NULL OR record_key = :record_key)
