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
    COALESCE(d.decision = 'release', d.is_loaded_before) AS is_released,
    COALESCE(d.decision = 'reject_file', COALESCE(f.withdraws, '') <> '') AS is_rejected,
    COALESCE(d.rows_received, 0) AS known_rows,
    (SELECT COALESCE(MAX(g.reading), 0) + 1 FROM received.reading AS g WHERE g.load_id = d.load_id) AS reading,
    CAST(d.batch_date AS TEXT) || ' ' || d.file_order || ' ' || CAST(1000000 + d.delivery AS TEXT) || ' ' || d.load_id AS place
FROM ops.due_load AS d
INNER JOIN received.file AS f ON d.load_id = f.load_id
