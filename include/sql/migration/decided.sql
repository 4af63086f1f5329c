{% macro said(kind, place, rule_id='NULL', old_hash='NULL') %}
SELECT
        '{{ kind }}' AS kind,
        o.decided_by,
        o.decided_at,
        o.reason,
        o.feed,
        o.record_key,
        o.load_id,
        o.row_number,
        {{ rule_id }} AS rule_id,
        {{ old_hash }} AS old_hash
    FROM {{ place }} AS o
{%- endmacro %}
-- Every decision with each row and file that it is about. `rule_id`: it is about the values that the rule judges there,
-- else about what the row says. What cannot be told from the old tables are the hashes that rows have now.
CREATE TABLE before.decided AS
WITH
let_past AS (
    SELECT
        f.override_id,
        f.load_id,
        f.row_number
    FROM before.failure AS f
    WHERE f.override_id IS NOT NULL
    UNION
    -- An override that has ended let rows past that no longer name it: those of its record and rule may be meant.
    SELECT
        o.override_id,
        f.load_id,
        f.row_number
    FROM before.override AS o
    INNER JOIN before.failure AS f ON o.feed = f.feed AND o.record_key = f.record_key AND o.rule_id = f.rule_id
    LEFT JOIN before.override AS later ON f.override_id = later.override_id
    WHERE
        (f.override_id IS NULL OR later.value_hash = o.value_hash)
        AND NOT EXISTS (SELECT 1 FROM before.failure AS k WHERE k.override_id = o.override_id)
),

overridden AS (
    SELECT
        o.*,
        p.load_id,
        p.row_number
    FROM before.override AS o
    LEFT JOIN let_past AS p ON o.override_id = p.override_id
),

-- Who ended it is in the audit trail, which was written in the same transaction.
ended AS (
    SELECT
        o.override_id,
        d.decided_by,
        d.reason,
        ROW_NUMBER() OVER (PARTITION BY o.override_id ORDER BY d.decided_at ASC, d.decision_id ASC) AS place
    FROM before.override AS o
    INNER JOIN before.decision AS d
        ON o.ended_at <= d.decided_at AND o.ended_at + INTERVAL '10' MINUTE > d.decided_at
    WHERE d.to_state = 'open' AND d.decided_by <> 'registry'
),

-- A row that says what a person had rejected was rejected by that decision.
rejected AS (
    SELECT
        load_id,
        row_number,
        feed,
        record_key,
        FIRST_VALUE(decided_by) OVER (says_the_same) AS decided_by,
        FIRST_VALUE(decided_at) OVER (says_the_same) AS decided_at,
        FIRST_VALUE(reason) OVER (says_the_same) AS reason
    FROM before.record
    WHERE state = 'rejected'
    WINDOW says_the_same AS (
        PARTITION BY feed, content
        ORDER BY CASE WHEN decided_by = 'registry' THEN 2 ELSE 1 END ASC, decided_at ASC, load_id ASC, row_number ASC
    )
),

file_decision AS (
    SELECT
        load_id,
        to_state,
        decided_by,
        decided_at,
        reason
    FROM before.decision
    WHERE subject = 'file' AND to_state IN ('released', 'rejected') AND decided_by <> 'registry'
    UNION ALL
    SELECT
        l.load_id,
        l.state,
        l.decided_by,
        l.decided_at,
        CASE WHEN l.state IN ('released', 'rejected') THEN l.reason END AS reason
    FROM before.load AS l
    WHERE
        l.decided_by IS NOT NULL
        AND NOT EXISTS (
            SELECT 1
            FROM before.decision AS d
            WHERE
                d.load_id = l.load_id
                AND d.subject = 'file'
                AND d.to_state IN ('released', 'rejected')
                AND d.decided_by <> 'registry'
        )
),

said AS (
    SELECT
        CASE d.to_state WHEN 'rejected' THEN 'reject_file' ELSE 'release' END AS kind,
        d.decided_by,
        d.decided_at,
        d.reason,
        l.feed,
        CAST(NULL AS TEXT) AS record_key,
        d.load_id,
        CAST(NULL AS BIGINT) AS row_number,
        CAST(NULL AS TEXT) AS rule_id,
        CAST(NULL AS TEXT) AS old_hash
    FROM file_decision AS d
    INNER JOIN before.load AS l ON d.load_id = l.load_id
    UNION ALL
    {{ said('reject', 'rejected') }}
    UNION ALL
    {{ said('reopen', 'before.record') }}
    WHERE o.state = 'open' AND o.decided_by <> 'registry'
    UNION ALL
    {{ said('override', 'overridden', 'o.rule_id', 'o.value_hash') }}
    UNION ALL
    {{ said('override', 'overridden') }}
    INNER JOIN before.record AS r ON o.load_id = r.load_id AND o.row_number = r.row_number AND r.state = 'overridden'
    UNION ALL
    SELECT
        'reopen' AS kind,
        COALESCE(e.decided_by, 'registry') AS decided_by,
        o.ended_at AS decided_at,
        COALESCE(e.reason, 'who ended the override was not noted') AS reason,
        o.feed,
        o.record_key,
        o.load_id,
        o.row_number,
        o.rule_id,
        o.value_hash AS old_hash
    FROM overridden AS o
    LEFT JOIN ended AS e ON o.override_id = e.override_id AND e.place = 1
    WHERE o.ended_at IS NOT NULL
)

SELECT
    DENSE_RANK() OVER (ORDER BY decided_at ASC NULLS FIRST, kind ASC, decided_by ASC, reason ASC) AS decision_id,
    kind,
    decided_by,
    decided_at,
    reason,
    feed,
    record_key,
    load_id,
    row_number,
    rule_id,
    old_hash
FROM said
