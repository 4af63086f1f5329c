SELECT DISTINCT rule_id
FROM quarantine.override
WHERE feed = :feed AND ended_at IS NULL
