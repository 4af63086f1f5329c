-- Reads: fate, previous.
-- Rows of touched keys that become a version, or are none any more, or whose cells are set aside or count again.
SELECT
    load_id,
    row_number,
    reading,
    patient_id
FROM (
    SELECT
        COALESCE(t.load_id, p.load_id) AS load_id,
        COALESCE(t.row_number, p.row_number) AS row_number,
        COALESCE(t.reading, p.reading) AS reading,
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
    (old_state <> new_state OR old_cells <> new_cells)
    AND (old_state IN ('current', 'past') OR new_state IN ('current', 'past'))
