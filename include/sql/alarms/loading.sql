-- Departments whose files came lately and wait to be loaded: their night is not over.
SELECT DISTINCT source
FROM ops.load
WHERE state = 'received' AND received_at > CURRENT_TIMESTAMP AT TIME ZONE 'UTC' - INTERVAL '1' HOUR
