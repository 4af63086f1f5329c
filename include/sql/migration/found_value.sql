-- Makes: found_value.
-- The hashes of the values that decisions are about, as far as rows with them are judged by now. Where it is not known
-- which of a record's rows is meant, it is the one whose hash is as it was, or the only one.
CREATE TEMPORARY TABLE found_value AS
WITH
judged AS (
    SELECT
        load_id,
        row_number,
        rule_id,
        value_hash
    FROM received.failure_in_force
    WHERE value_hash IS NOT NULL
    UNION ALL
    SELECT
        load_id,
        row_number,
        rule_id,
        value_hash
    FROM resolved.failure
    WHERE value_hash IS NOT NULL
),

possible AS (
    SELECT
        p.decision_id,
        p.feed,
        p.record_key,
        p.rule_id,
        p.old_hash,
        j.value_hash,
        MIN(j.value_hash) OVER (of_override) = MAX(j.value_hash) OVER (of_override) AS is_only
    FROM before.decided AS p
    INNER JOIN judged AS j ON p.load_id = j.load_id AND p.row_number = j.row_number AND p.rule_id = j.rule_id
    WINDOW of_override AS (PARTITION BY p.decision_id, p.feed, p.record_key, p.rule_id, p.old_hash)
)

SELECT DISTINCT
    decision_id,
    feed,
    record_key,
    rule_id,
    old_hash,
    value_hash
FROM possible
WHERE is_only OR value_hash = old_hash
