INSERT INTO ops.step (step, generation, fingerprint, changed_at)
VALUES (:step, :generation, :fingerprint, :changed_at)
