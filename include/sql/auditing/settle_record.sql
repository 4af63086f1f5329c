UPDATE quarantine.record
SET audited_state = state
WHERE state <> audited_state
