INSERT INTO ops.seen_file (load_id, fingerprint)
SELECT
    load_id,
    fingerprint
FROM before.load
