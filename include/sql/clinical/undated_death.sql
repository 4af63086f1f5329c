-- A death that is reported without a date that counts: by a visit that is set aside for whatever reason or let past
-- without a date, or by an event alone. A visit with the date settles it, whichever came first.
WITH set_aside AS (
    SELECT
        patient_id,
        feed,
        record_key,
        CAST(payload AS JSON) AS said
    FROM quarantine.record
    WHERE state = 'open' AND feed IN ('visits', 'adverse_events')
),

reported AS (
    SELECT
        patient_id,
        'visits' AS source_table,
        visit_id AS source_id
    FROM clinical.current_visits
    WHERE vital_status = 'dead' AND death_date IS NULL
    UNION ALL
    SELECT
        patient_id,
        'adverse_events' AS source_table,
        event_id AS source_id
    FROM clinical.current_adverse_events
    WHERE term = 'death' OR ctcae_grade = 5
    UNION ALL
    SELECT
        patient_id,
        feed AS source_table,
        record_key AS source_id
    FROM set_aside
    WHERE
        COALESCE((said ->> 'status'), '') <> 'cancelled'
        AND (
            LOWER((said ->> 'vital_status')) = 'dead'
            OR ((said ->> 'death_date') IS NOT NULL AND LOWER(COALESCE((said ->> 'vital_status'), '')) <> 'alive')
            OR LOWER((said ->> 'term')) = 'death'
            OR (said ->> 'ctcae_grade') IN ('5', '5.0', '5.', '05')
        )
),

ranked AS (
    SELECT
        lifespan.person_id AS patient_id,
        reported.source_table,
        reported.source_id,
        ROW_NUMBER() OVER (
            PARTITION BY lifespan.person_id ORDER BY reported.source_table DESC, reported.source_id ASC NULLS LAST
        ) AS place
    FROM reported
    INNER JOIN clinical.lifespan AS lifespan ON reported.patient_id = lifespan.patient_id
    WHERE
        lifespan.is_active
        AND NOT EXISTS (
            SELECT 1
            FROM clinical.current_visits AS dated
            WHERE
                dated.patient_id = lifespan.person_id
                AND dated.vital_status = 'dead'
                AND dated.death_date IS NOT NULL
        )
)

SELECT
    patient_id,
    CASE source_table WHEN 'visits' THEN 'death date unknown' ELSE 'death without a visit' END AS reason,
    source_table,
    source_id
FROM ranked
WHERE place = 1
