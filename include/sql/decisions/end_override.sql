UPDATE quarantine.override
SET ended_at = CAST(:now AS TIMESTAMP)
WHERE ended_at IS NULL AND override_id IN (SELECT p.override_id FROM let_past AS p)
