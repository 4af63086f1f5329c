-- Whether every row of a feed is due.
SELECT
    EXISTS (SELECT 1 FROM resolved.due AS d WHERE d.feed = :feed AND d.patient_id IS NULL)
    OR NOT EXISTS (SELECT 1 FROM resolved.reading AS r WHERE r.feed = :feed) AS is_whole
