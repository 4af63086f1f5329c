{% macro latest_day(relation) %}
(
    SELECT of_day.*
    FROM {{ relation }} AS of_day
    INNER JOIN (
        SELECT
            site,
            source,
            feed,
            MAX(batch_date) AS batch_date
        FROM {{ relation }}
        GROUP BY site, source, feed
    ) AS latest
        ON
            of_day.site = latest.site
            AND of_day.source = latest.source
            AND of_day.feed = latest.feed
            AND of_day.batch_date = latest.batch_date
)
{%- endmacro %}
