CREATE TEMPORARY TABLE candidate AS
WITH
sent AS (
    SELECT
        {{ of('v') }},
        v.load_id,
        v.row_number,
        v.last_load_id,
        v.last_row_number,
        v.arrival,
        v.version_state AS old_state,
        v.version_state <> 'quarantined' AS is_possible,
        v.first_batch_date AS sent_first,
        l.batch_date,
        l.file_order,
        l.delivery,
        e.load_id AS earliest_load_id,
        COALESCE(v.earliest_row_number, v.last_row_number) AS earliest_row_number,
        e.batch_date AS earliest_batch_date,
        e.file_order AS earliest_file_order,
        e.delivery AS earliest_delivery
    FROM clinical.{{ feed }} AS v
    INNER JOIN ops.load AS l ON v.last_load_id = l.load_id
    INNER JOIN ops.load AS e ON COALESCE(v.earliest_load_id, v.last_load_id) = e.load_id
    WHERE v."{{ key }}" IN (SELECT record_key FROM contested)
    UNION ALL
    SELECT
        {{ of('a') }},
        l.load_id,
        a.row_number,
        l.load_id,
        a.row_number,
        NULL AS arrival,
        NULL AS old_state,
        a.is_possible,
        l.batch_date AS sent_first,
        l.batch_date,
        l.file_order,
        l.delivery,
        l.load_id AS earliest_load_id,
        a.row_number AS earliest_row_number,
        l.batch_date AS earliest_batch_date,
        l.file_order AS earliest_file_order,
        l.delivery AS earliest_delivery
    FROM accepted AS a
    INNER JOIN ops.load AS l ON l.load_id = :load_id
    WHERE a."{{ key }}" IN (SELECT record_key FROM contested)
),

ordered AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY "{{ key }}" ORDER BY batch_date ASC, file_order ASC, delivery ASC, last_row_number ASC
        ) AS version_order,
        ROW_NUMBER() OVER (
            PARTITION BY "{{ key }}"
            ORDER BY
                CASE WHEN old_state IS NULL THEN 1 ELSE 0 END ASC,
                batch_date ASC, file_order ASC, delivery ASC, last_row_number ASC
        ) AS key_order,
        ROW_NUMBER() OVER (
            PARTITION BY {{ columns }}
            ORDER BY
                earliest_batch_date ASC, earliest_file_order ASC, earliest_delivery ASC, earliest_row_number ASC
        ) AS from_earliest
    FROM sent
)

SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY {{ columns }} ORDER BY version_order DESC) AS from_last,
    ROW_NUMBER() OVER (PARTITION BY {{ columns }} ORDER BY key_order ASC) AS from_first,
    MIN(sent_first) OVER (PARTITION BY {{ columns }}) AS first_batch_date,
    FIRST_VALUE(earliest_load_id)
        OVER (PARTITION BY {{ columns }} ORDER BY from_earliest ASC) AS first_sent_by,
    FIRST_VALUE(earliest_row_number)
        OVER (PARTITION BY {{ columns }} ORDER BY from_earliest ASC) AS first_sent_as,
    FIRST_VALUE(load_id) OVER (PARTITION BY {{ columns }} ORDER BY key_order ASC) AS first_load_id,
    FIRST_VALUE(row_number) OVER (PARTITION BY {{ columns }} ORDER BY key_order ASC) AS first_row_number,
    FIRST_VALUE(COALESCE(arrival, CASE WHEN key_order = 1 THEN 'loaded' ELSE 'updated' END))
        OVER (PARTITION BY {{ columns }} ORDER BY key_order ASC) AS first_arrival,
    MAX(CASE WHEN old_state = 'past' THEN 1 ELSE 0 END) OVER (PARTITION BY {{ columns }}) AS was_past,
    MAX(CASE WHEN is_possible THEN 0 ELSE 1 END) OVER (PARTITION BY {{ columns }}) AS is_quarantined
FROM ordered
