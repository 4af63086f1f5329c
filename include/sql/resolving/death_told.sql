-- Whether a visit tells of a death, in any version, or one is known.
SELECT
    EXISTS (SELECT 1 FROM received.visits WHERE vital_status = 'dead')
    OR EXISTS (SELECT 1 FROM clinical.lifespan WHERE death_date IS NOT NULL) AS is_told
