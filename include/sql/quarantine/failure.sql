-- What rows fail: by themselves, by what the record knows of their patient and key, by rows of other feeds; and the
-- lines that are no rows. What a row would fail by a cell that is set aside does not count: there is no value.
WITH
looks_at AS (
    SELECT
        r.rule_id,
        n.column_name
    FROM (SELECT DISTINCT column_name FROM resolved.cell) AS n
    INNER JOIN reference.rule AS r ON STRPOS(',' || r.columns_judged || ',', ',' || n.column_name || ',') > 0
),

unseen AS (
    SELECT DISTINCT
        c.load_id,
        c.row_number,
        c.reading,
        l.rule_id
    FROM resolved.cell AS c
    INNER JOIN looks_at AS l ON c.column_name = l.column_name
    WHERE c.is_aside
),

failed AS (
    SELECT
        f.load_id,
        f.reading,
        f.row_number,
        f.rule_id,
        f.severity,
        f.feed,
        f.record_key,
        f.patient_id,
        f.value_hash
    FROM received.failure_in_force AS f
    LEFT JOIN unseen AS u
        ON
            f.load_id = u.load_id
            AND f.row_number = u.row_number
            AND f.reading = u.reading
            AND f.rule_id = u.rule_id
    WHERE f.level = 'cell' OR u.load_id IS NULL
    UNION ALL
    SELECT
        load_id,
        reading,
        row_number,
        rule_id,
        severity,
        feed,
        record_key,
        patient_id,
        value_hash
    FROM resolved.failure
    WHERE counts
    UNION ALL
    SELECT
        f.load_id,
        s.reading,
        f.row_number,
        f.rule_id,
        f.severity,
        f.feed,
        f.record_key,
        f.patient_id,
        CAST(NULL AS TEXT) AS value_hash
    FROM resolved.finding AS f
    INNER JOIN received.standing_reading AS s ON f.load_id = s.load_id
    UNION ALL
    SELECT
        l.load_id,
        l.reading,
        l.row_number,
        'file.row.unreadable' AS rule_id,
        'critical' AS severity,
        l.feed,
        CAST(NULL AS TEXT) AS record_key,
        CAST(NULL AS TEXT) AS patient_id,
        CAST(NULL AS TEXT) AS value_hash
    FROM received.line AS l
    INNER JOIN received.standing_reading AS s ON l.load_id = s.load_id AND l.reading = s.reading
)

SELECT
    f.load_id,
    f.row_number,
    f.rule_id,
    f.severity,
    f.feed,
    f.record_key,
    f.patient_id,
    o.override_id IS NOT NULL AS is_overridden,
    o.override_id,
    r.finished_at AS found_at
FROM failed AS f
INNER JOIN received.reading AS r ON f.load_id = r.load_id AND f.reading = r.reading
LEFT JOIN quarantine.override AS o
    ON
        f.feed = o.feed
        AND f.record_key = o.record_key
        AND f.rule_id = o.rule_id
        AND f.value_hash = o.value_hash
        AND o.ended_at IS NULL
