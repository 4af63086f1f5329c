INSERT INTO ops.step (step, generation, fingerprint)
VALUES (:step, :generation, :fingerprint)
