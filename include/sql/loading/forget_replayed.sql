DELETE FROM quarantine.failure
WHERE load_id = :load_id AND row_number IN (SELECT row_number FROM replayed)
