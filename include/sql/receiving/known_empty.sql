-- Reads: staged. Makes: known_empty.
-- The columns that rules of a feed may look at, at whatever level, without rows.
CREATE TEMPORARY TABLE known_empty AS
SELECT
    s.*,
    CAST(NULL AS BOOLEAN) AS is_moved,
    CAST(NULL AS BOOLEAN) AS closes_cycle,
    CAST(NULL AS BOOLEAN) AS has_other_survivor,
    CAST(NULL AS BOOLEAN) AS is_announced,
    CAST(NULL AS DATE) AS patient_birth_date,
    CAST(NULL AS DATE) AS patient_death_date,
    CAST(NULL AS DATE) AS patient_earliest_death_date
FROM staged AS s
WHERE FALSE
