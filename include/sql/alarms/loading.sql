-- Files came lately and wait to be loaded, and none has waited for long: the night is not over.
SELECT
    COUNT(*) > 0
    AND MIN(received_at) > CURRENT_TIMESTAMP AT TIME ZONE 'UTC' - INTERVAL '1' HOUR
FROM ops.file_state
WHERE state = 'received'
