-- The landed copies that have to be there; one that a person rejected is to be sent again.
SELECT
    f.load_id,
    f.landing_uri,
    COALESCE(f.landed_sha256, f.sha256) AS sha256
FROM received.file AS f
INNER JOIN ops.file_state AS s ON f.load_id = s.load_id
WHERE s.state <> 'rejected'
ORDER BY f.landing_uri ASC
