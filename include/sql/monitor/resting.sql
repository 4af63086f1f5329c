{% from 'disclosure/told.sql' import told with context %}
-- Of how many patients an event rests on a row of a night, by endpoint as the study counts it: what a night changed in
-- the outcomes. A row that came again with other values counts as of its latest night. Few patients are withheld.
WITH of_night AS (
    SELECT
        'visits' AS feed,
        visit_id AS row_key
    FROM clinical.visits
    WHERE batch_date = CAST(:day AS DATE)
    UNION ALL
    SELECT
        'exams' AS feed,
        exam_id AS row_key
    FROM clinical.exams
    WHERE batch_date = CAST(:day AS DATE)
)

SELECT
    l.label,
    t.criteria,
    s.small_cell,
    CASE
        WHEN s.small_cell = 0 THEN COUNT(*)
        ELSE NULLIF({{ told("COUNT(*)", "NULLIF(s.small_cell, 0)") }}, 0)
    END AS patients
FROM derived.survival_time AS t
INNER JOIN of_night AS n ON t.source_table = n.feed AND t.source_id = n.row_key
INNER JOIN reference.endpoint_label AS l ON t.endpoint = l.endpoint
CROSS JOIN (SELECT MAX(small_cell) AS small_cell FROM marts.setting) AS s
WHERE t.event AND t.rule = 'study'
GROUP BY l.label, l.sort_order, t.criteria, s.small_cell
ORDER BY l.sort_order ASC, t.criteria ASC
