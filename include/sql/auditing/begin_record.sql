UPDATE quarantine.record
SET audited_state = state
WHERE audited_state IS NULL
