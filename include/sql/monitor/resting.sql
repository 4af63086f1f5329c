-- Of how many patients an event rests on a row of a night, by endpoint as the study counts it: what a night changed in
-- the outcomes. A row that came again with other values counts as of its latest night.
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
    COUNT(*) AS patients
FROM derived.survival_time AS t
INNER JOIN of_night AS n ON t.source_table = n.feed AND t.source_id = n.row_key
INNER JOIN reference.endpoint_label AS l ON t.endpoint = l.endpoint
WHERE t.event AND t.rule = 'study'
GROUP BY l.label, l.sort_order, t.criteria
ORDER BY l.sort_order ASC, t.criteria ASC
