INSERT INTO ops.seen_file (load_id, fingerprint)
VALUES (:load_id, :fingerprint)
