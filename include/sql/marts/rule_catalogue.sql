{% macro of_rule() %}
r.rule_id,
    r.feed,
    r.column_name,
    r.level,
    r.severity,
    r.category,
    r.context,
    r.description,
    r.remedy,
    r.owner,
    r.since_version,
    r.retired_version,
    r.replaced_by
{%- endmacro %}
-- Every rule with what it said lately, so that one that never fires is seen as well. Rules across feeds have no days:
-- what they say is of the record as it is now.
WITH recent AS (
    SELECT MAX(l.batch_date) - MAX(CAST(s.value AS INTEGER)) AS before_first_day
    FROM ops.load AS l
    CROSS JOIN reference.setting AS s
    WHERE s.name = 'rule_count_days'
),

said AS (
    SELECT
        v.rule_id,
        SUM(v.rows_checked) FILTER (WHERE v.batch_date > recent.before_first_day) AS rows_checked,
        SUM(v.rows_failed) FILTER (WHERE v.batch_date > recent.before_first_day) AS rows_failed,
        MAX(v.batch_date) FILTER (WHERE v.rows_failed > 0) AS last_failed_on
    FROM marts.validation_summary AS v
    CROSS JOIN recent
    GROUP BY v.rule_id
    UNION ALL
    SELECT
        rule_id,
        rows_checked,
        rows_failed,
        NULL AS last_failed_on
    FROM ops.cross_check
),

open_row AS (
    SELECT
        rule_ids,
        COUNT(*) AS row_count
    FROM (
        SELECT rule_ids
        FROM quarantine.record
        WHERE state = 'open'
        UNION ALL
        SELECT rule_ids
        FROM quarantine.cell
        WHERE state = 'open'
    ) AS aside
    GROUP BY rule_ids
),

waiting AS (
    SELECT
        r.rule_id,
        SUM(o.row_count) AS rows_open
    FROM reference.rule AS r
    INNER JOIN open_row AS o ON STRPOS(',' || o.rule_ids || ',', ',' || r.rule_id || ',') > 0
    GROUP BY r.rule_id
)

SELECT
    {{ of_rule() }},
    CAST(COALESCE(s.rows_checked, 0) AS BIGINT) AS rows_checked,
    CAST(COALESCE(s.rows_failed, 0) AS BIGINT) AS rows_failed,
    CAST(COALESCE(w.rows_open, 0) AS BIGINT) AS rows_open,
    100.0 * s.rows_failed / NULLIF(s.rows_checked, 0) AS percent,
    s.last_failed_on
FROM reference.rule AS r
LEFT JOIN said AS s ON r.rule_id = s.rule_id
LEFT JOIN waiting AS w ON r.rule_id = w.rule_id
