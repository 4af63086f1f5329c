SELECT
    endpoint.endpoint,
    endpoint.rule,
    endpoint.criteria,
    way.estimate,
    way.entry,
    endpoint.start = 'diagnosis' AND way.entry = 'time zero' AS immortal_time
FROM reference.endpoint AS endpoint
CROSS JOIN
    LATERAL (
        VALUES
        ('survival', 'time zero', endpoint.shown_as <> 'incidence'),
        ('survival', 'delayed', endpoint.shown_as <> 'incidence' AND endpoint.start = 'diagnosis'),
        ('incidence', 'time zero', endpoint.shown_as <> 'survival')
    ) AS way (estimate, entry, applies)
WHERE way.applies
