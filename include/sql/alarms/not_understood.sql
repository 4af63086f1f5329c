{% from 'marts/latest_intake.sql' import latest_intake %}
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
FROM {{ latest_intake() }} AS i
WHERE i.site <> '' AND i.unmapped_codes + i.unmapped_units > 0
ORDER BY i.site ASC, i.source ASC, i.feed ASC
