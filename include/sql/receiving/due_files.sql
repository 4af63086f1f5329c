-- The files that a run has to receive, and the number of their next reading. What was in the record before is not held; what
-- nobody withdrew is.
SELECT
    d.load_id,
    d.feed,
    d.batch_date,
    f.landing_uri,
    COALESCE(f.landed_sha256, f.sha256) AS sha256,
    COALESCE(f.site, '') AS site,
    COALESCE(f.patient_ids, '') AS patient_ids,
    COALESCE(f.export, '') AS export,
    f.file_name,
    COALESCE(r.kind = 'release', b.load_id IS NOT NULL) AS is_released,
    COALESCE(r.kind = 'reject_file', COALESCE(f.withdraws, '') <> '') AS is_rejected,
    COALESCE(d.rows_received, 0) AS known_rows,
    (SELECT COALESCE(MAX(g.reading), 0) + 1 FROM received.reading AS g WHERE g.load_id = d.load_id) AS reading,
    CAST(d.batch_date AS TEXT) || ' ' || d.file_order || ' ' || CAST(1000000 + d.delivery AS TEXT) || ' ' || d.load_id AS place
FROM ops.due_load AS d
INNER JOIN received.file AS f ON d.load_id = f.load_id
LEFT JOIN decision.in_force AS r ON d.load_id = r.load_id
LEFT JOIN received.loaded_before AS b ON d.load_id = b.load_id
