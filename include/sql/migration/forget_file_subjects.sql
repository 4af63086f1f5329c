DELETE FROM before.decided
WHERE kind IN ('release', 'reject_file')
