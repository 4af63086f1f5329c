-- Reads: new_reading, fate, previous.
-- Persons whose versions come, go or change places, or whose cells are set aside or count again.
INSERT INTO ops.touched_patient (patient_id)
SELECT DISTINCT COALESCE(q.person_id, c.patient_id)
FROM (
    SELECT r.patient_id
    FROM received.{{ f.name }} AS r
    INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading AND n.is_new
    LEFT JOIN fate AS t ON r.load_id = t.load_id AND r.row_number = t.row_number AND r.reading = t.reading
    WHERE t.load_id IS NULL
    UNION
    SELECT m.patient_id
    FROM (
        SELECT
            COALESCE(t.patient_id, p.patient_id) AS patient_id,
            COALESCE(
                CASE
                    WHEN p.load_id IS NOT NULL THEN p.version_state
                    WHEN d.load_id IS NOT NULL THEN 'current'
                END,
                'none'
            ) AS old_state,
            COALESCE(CASE WHEN t.load_id IS NOT NULL THEN t.version_state ELSE 'current' END, 'none') AS new_state,
            COALESCE(p.cells_aside, '') AS old_cells,
            COALESCE(t.cells_aside, '') AS new_cells
        FROM fate AS t
        FULL JOIN previous AS p ON t.load_id = p.load_id AND t.row_number = p.row_number AND t.reading = p.reading
        LEFT JOIN resolved.reading AS d ON t.load_id = d.load_id AND t.reading = d.reading
    ) AS m
    WHERE
        (m.old_state <> m.new_state OR m.old_cells <> m.new_cells)
        AND (m.old_state IN ('current', 'past') OR m.new_state IN ('current', 'past'))
) AS c
LEFT JOIN clinical.person AS q ON c.patient_id = q.patient_id
WHERE
    c.patient_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM ops.touched_patient AS t
        WHERE t.patient_id = COALESCE(q.person_id, c.patient_id)
    )
