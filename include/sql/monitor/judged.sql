-- What each rule said in the latest night of its feed; across feeds, what it says of the record.
{% macro judged() %}
latest AS (
    SELECT
        feed,
        MAX(batch_date) AS batch_date
    FROM marts.validation_summary
    GROUP BY feed
),

night AS (
    SELECT
        v.rule_id,
        MAX(v.threshold_percent) AS threshold_percent,
        CASE
            WHEN MAX(CASE WHEN v.status = 'error' THEN 1 ELSE 0 END) = 1 THEN 'error'
            WHEN MAX(CASE WHEN v.in_order THEN 0 WHEN NOT v.in_order THEN 1 END) = 1 THEN 'out'
            WHEN MAX(CASE WHEN v.in_order THEN 1 END) = 1 THEN 'in_order'
            ELSE 'none'
        END AS state
    FROM marts.validation_summary AS v
    INNER JOIN latest AS l ON v.feed = l.feed AND v.batch_date = l.batch_date
    GROUP BY v.rule_id
    UNION ALL
    SELECT
        rule_id,
        CAST(NULL AS DOUBLE PRECISION) AS threshold_percent,
        CASE
            WHEN status = 'error' THEN 'error'
            WHEN rows_failed > 0 THEN 'fails'
            WHEN rows_checked > 0 THEN 'in_order'
            ELSE 'none'
        END AS state
    FROM marts.cross_feed_summary
)
{%- endmacro %}
