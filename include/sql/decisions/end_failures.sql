UPDATE quarantine.failure
SET
    is_overridden = FALSE,
    override_id = NULL
WHERE override_id IN (SELECT p.override_id FROM let_past AS p)
