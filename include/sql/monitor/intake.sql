-- What came and was not understood, by feed, of the latest thirty nights of each.
SELECT
    intake.site,
    intake.source,
    intake.feed,
    COUNT(*) AS nights,
    CAST(SUM(intake.rows) AS BIGINT) AS rows_received,
    CAST(SUM(intake.left_out) AS BIGINT) AS left_out,
    CAST(SUM(intake.unmapped_codes) AS BIGINT) AS unmapped_codes,
    CAST(SUM(intake.unmapped_units) AS BIGINT) AS unmapped_units,
    CAST(SUM(intake.moved_keys) AS BIGINT) AS moved_keys,
    CAST(SUM(intake.waiting) AS BIGINT) AS waiting
FROM marts.intake AS intake
INNER JOIN (
    SELECT
        night_of.site,
        night_of.feed,
        night_of.batch_date,
        ROW_NUMBER() OVER (PARTITION BY night_of.site, night_of.feed ORDER BY night_of.batch_date DESC) AS night
    FROM marts.intake AS night_of
) AS recent
    ON
        intake.site = recent.site
        AND intake.feed = recent.feed
        AND intake.batch_date = recent.batch_date
        AND recent.night <= 30
GROUP BY intake.site, intake.source, intake.feed
ORDER BY intake.site ASC, intake.source ASC, intake.feed ASC
