-- Makes: touched_key.
-- The visits that any version tells a death of.
CREATE TEMPORARY TABLE touched_key AS
SELECT DISTINCT visit_id AS record_key
FROM received.visits
WHERE vital_status = 'dead' AND visit_id IS NOT NULL
