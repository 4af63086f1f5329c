UPDATE ops.load
SET audited_state = state
WHERE state <> audited_state
