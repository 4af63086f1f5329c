SELECT COUNT(*)
FROM received.loaded_before AS b
WHERE NOT EXISTS (SELECT 1 FROM resolved.reading AS z WHERE z.load_id = b.load_id)
