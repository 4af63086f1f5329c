{% from 'ops/latest_day.sql' import latest_day %}
-- Codes and units of a site's latest extract that no list knows, be their rows set aside or not.
SELECT
    i.site,
    i.source,
    i.feed,
    i.feed AS subject,
    i.batch_date,
    CAST(i.unmapped_codes + i.unmapped_units AS TEXT) AS state,
    i.unmapped_codes,
    i.unmapped_units
FROM {{ latest_day('marts.intake') }} AS i
WHERE i.site <> '' AND i.unmapped_codes + i.unmapped_units > 0
ORDER BY i.site ASC, i.source ASC, i.feed ASC
