DELETE FROM ops.seen_file
WHERE load_id = :load_id
