-- Reads: standing, owner, failed. Makes: fate.
-- The fate of each row of the touched keys.
--   class    rows that fail by themselves; those that birth, death or a move sets aside; those that may live
--   repeat   a row that says what the row of its class before it says, with the same cells set aside: another sending
--            of the same version
--   version  what is not a repeat, with the last row that repeats it
--   current  the last valid version of the key's owner; a preliminary one does not replace a final one
CREATE TEMPORARY TABLE fate AS
WITH
told AS (
    SELECT
        load_id,
        row_number,
        reading,
        STRING_AGG(CASE WHEN decision_id IS NULL AND NOT is_late THEN rule_id END, ',' ORDER BY rule_id ASC) AS own_ids,
        STRING_AGG(CASE WHEN decision_id IS NULL AND is_late THEN rule_id END, ',' ORDER BY rule_id ASC) AS late_ids,
        STRING_AGG(CASE WHEN decision_id IS NOT NULL THEN rule_id END, ',' ORDER BY rule_id ASC) AS overridden_ids,
        MAX(decision_id) AS overridden_by,
        MAX(CASE WHEN rule_id = '{{ f.name }}.patient_id.moved' AND decision_id IS NULL THEN 1 ELSE 0 END) AS is_moved
    FROM failed
    WHERE severity = 'critical' AND cell IS NULL
    GROUP BY load_id, row_number, reading
),

aside AS (
    SELECT
        load_id,
        row_number,
        reading,
        ',' || STRING_AGG(cell, ',' ORDER BY cell ASC) || ',' AS cells_aside,
        STRING_AGG(rule_ids, ',' ORDER BY rule_ids ASC) AS rule_ids
    FROM (
        SELECT
            load_id,
            row_number,
            reading,
            cell,
            STRING_AGG(rule_id, ',' ORDER BY rule_id ASC) AS rule_ids
        FROM failed
        WHERE cell IS NOT NULL AND decision_id IS NULL
        GROUP BY load_id, row_number, reading, cell
    ) AS of_cell
    GROUP BY load_id, row_number, reading
),

classed AS (
    SELECT
        s.*,
        t.own_ids,
        t.late_ids,
        t.overridden_ids,
        t.overridden_by,
        a.cells_aside,
        a.rule_ids AS cell_rule_ids,
        COALESCE(t.is_moved, 0) = 1 AS is_moved,
        COALESCE(o.is_of_owner, TRUE) AS is_of_owner,
        CASE WHEN s.verdict IN ('waiting', 'valid') THEN 'live' ELSE s.verdict END AS class
    FROM standing AS s
    LEFT JOIN told AS t ON s.load_id = t.load_id AND s.row_number = t.row_number AND s.reading = t.reading
    LEFT JOIN aside AS a ON s.load_id = a.load_id AND s.row_number = a.row_number AND s.reading = a.reading
    LEFT JOIN owner AS o ON s.load_id = o.load_id AND s.row_number = o.row_of_file AND s.reading = o.reading
),

repeated AS (
    SELECT
        *,
        class IN ('live', 'late')
        AND COALESCE(
            content || COALESCE(cells_aside, '')
            = LAG(content || COALESCE(cells_aside, '')) OVER (PARTITION BY key_text, class ORDER BY place ASC),
            FALSE
        ) AS is_repeat
    FROM classed
),

run AS (
    SELECT
        *,
        SUM(CASE WHEN is_repeat THEN 0 ELSE 1 END) OVER (PARTITION BY key_text, class ORDER BY place ASC) AS version,
        MAX(CASE WHEN verdict = 'valid' THEN place END) OVER (PARTITION BY key_text) AS last_valid,
        MAX(CASE WHEN verdict = 'valid' THEN place END) OVER (PARTITION BY key_text, person_id) AS last_valid_of_person,
        MAX(CASE WHEN verdict = 'valid' AND is_of_owner AND status IN ('final', 'corrected') THEN 1 ELSE 0 END)
            OVER (PARTITION BY key_text ORDER BY place ASC) AS after_final
    FROM repeated
),

ranked AS (
    SELECT
        *,
        FIRST_VALUE(load_id) OVER (PARTITION BY key_text, class, version ORDER BY place DESC) AS sent_last_by,
        FIRST_VALUE(row_number) OVER (PARTITION BY key_text, class, version ORDER BY place DESC) AS sent_last_as,
        ROW_NUMBER() OVER (
            PARTITION BY key_text, verdict, is_of_owner, is_repeat
            ORDER BY CASE WHEN status = 'preliminary' THEN after_final ELSE 0 END ASC, place DESC
        ) AS from_best
    FROM run
)

SELECT
    load_id,
    row_number,
    reading,
    record_key,
    patient_id,
    content,
    cells_aside,
    CASE
        WHEN verdict = 'void' THEN 'void'
        WHEN is_repeat THEN 'unchanged'
        WHEN class IN ('failed', 'late') THEN 'quarantined'
        WHEN verdict = 'waiting' THEN 'waiting'
        WHEN version = 1 THEN 'loaded'
        ELSE 'updated'
    END AS fate,
    CASE
        WHEN is_repeat OR class IN ('void', 'failed') THEN NULL
        WHEN class = 'late' THEN 'quarantined'
        WHEN verdict = 'waiting' THEN 'waiting'
        WHEN is_of_owner AND from_best = 1 THEN 'current'
        ELSE 'past'
    END AS version_state,
    CASE WHEN sent_last_by <> load_id OR sent_last_as <> row_number THEN sent_last_by END AS last_load_id,
    CASE WHEN sent_last_by <> load_id OR sent_last_as <> row_number THEN sent_last_as END AS last_row_number,
    CASE
        WHEN is_repeat OR verdict = 'void' THEN NULL
        WHEN rejected_by IS NOT NULL THEN 'rejected'
        WHEN class IN ('failed', 'late')
            THEN
                CASE
                    WHEN CASE WHEN is_moved THEN last_valid_of_person ELSE last_valid END > place THEN 'corrected'
                    ELSE 'open'
                END
        WHEN verdict = 'waiting' THEN 'waiting'
        WHEN overridden_ids IS NOT NULL THEN 'overridden'
    END AS state,
    CASE
        WHEN rejected_by IS NOT NULL THEN COALESCE(own_ids, late_ids, cell_rule_ids)
        WHEN class = 'failed' THEN own_ids
        WHEN class = 'late' THEN late_ids
        WHEN class = 'live' THEN overridden_ids
    END AS rule_ids,
    CASE
        WHEN rejected_by IS NOT NULL THEN rejected_by
        WHEN class = 'live' THEN overridden_by
        ELSE reopened_by
    END AS decision_id,
    (class IN ('live', 'late') AND NOT is_repeat) OR (rejected_by IS NOT NULL AND own_ids IS NULL) AS counts
FROM ranked
