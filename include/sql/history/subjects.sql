SELECT
    decision_id,
    feed,
    record_key,
    content,
    rule_id,
    value_hash,
    load_id
FROM decision.subject
ORDER BY
    decision_id ASC,
    feed ASC NULLS FIRST,
    record_key ASC NULLS FIRST,
    content ASC NULLS FIRST,
    rule_id ASC NULLS FIRST,
    value_hash ASC NULLS FIRST,
    load_id ASC NULLS FIRST
