-- Merges that lead an id elsewhere than an earlier version of the same key did, which counts no more; a message names
-- no other key than the id. For thirty days after the extract was first read; a later reading tells nothing again.
SELECT
    m.site,
    'clinic' AS source,
    'merges' AS feed,
    'merges' AS subject,
    m.batch_date,
    CAST(COUNT(*) AS TEXT) AS state,
    COUNT(*) AS changed_merges
FROM (
    SELECT
        v.site,
        v.first_batch_date AS batch_date,
        v.load_id,
        v.surviving_patient_id,
        CASE WHEN v.status <> 'cancelled' THEN v.merged_patient_id END AS merged_id,
        LAG(CASE WHEN v.status <> 'cancelled' THEN v.merged_patient_id END) OVER by_version AS merged_before,
        LAG(v.surviving_patient_id) OVER by_version AS surviving_before
    FROM clinical."merges" AS v
    INNER JOIN received.file AS f ON v.load_id = f.load_id
    WINDOW
        by_version AS (
            PARTITION BY v.merge_id
            ORDER BY v.first_batch_date ASC, f.file_order ASC, f.delivery ASC, v.load_id ASC, v.row_number ASC
        )
) AS m
INNER JOIN (
    SELECT
        load_id,
        MIN(finished_at) AS finished_at
    FROM received.reading
    WHERE outcome = 'received'
    GROUP BY load_id
) AS l ON m.load_id = l.load_id
WHERE
    m.merged_id = m.merged_before
    AND m.surviving_patient_id <> m.surviving_before
    AND l.finished_at + INTERVAL '30' DAY > CURRENT_TIMESTAMP AT TIME ZONE 'UTC'
GROUP BY m.site, m.batch_date
ORDER BY m.site ASC, m.batch_date ASC
