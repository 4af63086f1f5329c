{% macro standing(ledger) %}
(
    SELECT
        *,
        ROW_NUMBER() OVER (
            PARTITION BY site, source, feed, batch_date, file_name, state = 'received'
            ORDER BY CASE WHEN state = 'rejected' THEN 2 ELSE 1 END ASC, delivery DESC
        ) AS age
    FROM {{ ledger }}
    WHERE state <> 'superseded'
)
{%- endmacro %}
