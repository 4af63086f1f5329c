{% macro latest_delivery() %}
(
    SELECT
        COALESCE(site, '') AS site,
        source,
        feed,
        batch_date,
        file_name,
        MAX(delivery) AS delivery
    FROM received.file
    GROUP BY COALESCE(site, ''), source, feed, batch_date, file_name
)
{%- endmacro %}
