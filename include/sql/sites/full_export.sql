-- The latest full export of a site's export, by any of its files, and the number of what is withdrawn from it next.
SELECT
    e.site,
    e.export,
    e.source,
    e.feed,
    e.batch_date,
    e.patient_ids,
    1 + (
        SELECT COUNT(*) FROM received.file AS w
        WHERE w.site = e.site AND w.feed = e.feed AND w.batch_date = e.batch_date AND w.withdraws = e.export
    ) AS delivery
FROM ops.full_export AS e
INNER JOIN received.file AS f
    ON e.site = f.site AND e.export = f.export AND e.feed = f.feed AND e.batch_date = f.batch_date
WHERE e.site = :site AND f.load_id = :load_id
