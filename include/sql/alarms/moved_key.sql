{% from 'ops/latest_day.sql' import latest_day %}
-- Rows of the latest extract of a feed whose key was another patient's.
SELECT
    i.site,
    i.source,
    i.feed,
    i.feed AS subject,
    i.batch_date,
    CAST(i.moved_keys AS TEXT) AS state,
    i.moved_keys
FROM {{ latest_day('marts.intake') }} AS i
WHERE i.moved_keys > 0
ORDER BY i.site ASC, i.source ASC, i.feed ASC
