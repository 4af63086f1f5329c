-- Files that came lately and wait to be loaded: the night is not over.
SELECT COUNT(*)
FROM ops.load
WHERE state = 'received' AND received_at > CURRENT_TIMESTAMP AT TIME ZONE 'UTC' - INTERVAL '1' HOUR
