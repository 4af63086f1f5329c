SELECT COALESCE(MAX(decision_id), 0) + 1
FROM decision.event
