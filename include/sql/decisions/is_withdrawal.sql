-- Whether a file holds what a person withdrew.
SELECT COUNT(*) > 0 FROM received.file
WHERE load_id = :load_id AND withdraws <> ''
