-- Identical rows of other files share the decision: it is about what the row says.
CREATE TEMPORARY TABLE chosen_record AS
WITH possible AS (
    SELECT
        load_id,
        row_number,
        feed,
        record_key,
        state,
        content,
        (CAST(:load_id AS TEXT) IS NULL OR load_id = :load_id)
        AND (CAST(:row_number AS BIGINT) IS NULL OR row_number = :row_number)
        AND (CAST(:source AS TEXT) IS NULL OR source = :source)
        AND (CAST(:feed AS TEXT) IS NULL OR feed = :feed)
        AND (
            CAST(:rule_id AS TEXT) IS NULL
            OR STRPOS(',' || rule_ids || ',', ',' || CAST(:rule_id AS TEXT) || ',') > 0
        )
        AND (CAST(:record_key AS TEXT) IS NULL OR record_key = :record_key) AS is_selected
    FROM quarantine.record
    WHERE state IN ({% for state in states %}'{{ state }}'{{ ", " if not loop.last }}{% endfor %})
)

SELECT
    p.load_id,
    p.row_number,
    p.feed,
    p.record_key,
    p.state
FROM possible AS p
WHERE
    p.is_selected
    OR EXISTS (SELECT 1 FROM possible AS s WHERE s.is_selected AND s.feed = p.feed AND s.content = p.content)
