-- Who released or rejected a file stays in the ledger; that it was loaded or held afterwards is the registry's doing.
SELECT
    load_id,
    audited_state AS from_state,
    state AS to_state,
    CASE WHEN state IN ('released', 'rejected') THEN decided_by END AS decided_by,
    reason
FROM ops.load
WHERE state <> audited_state
