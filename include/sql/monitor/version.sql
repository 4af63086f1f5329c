-- What changes whenever the warehouse does: each step counts its changes, files that are only copied are counted here.
SELECT
    (SELECT COUNT(*) FROM received.file) AS files,
    (SELECT SUM(generation) FROM ops.step) AS changes,
    (SELECT MAX(fingerprint) FROM ops.step WHERE step = 'prepare') AS definitions
