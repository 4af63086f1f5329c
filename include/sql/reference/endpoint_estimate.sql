SELECT
    ROW_NUMBER() OVER (
        ORDER BY endpoint.endpoint, endpoint.rule, endpoint.criteria, estimate.estimate, estimate.entry
    ) AS estimate_number,
    endpoint.endpoint,
    endpoint.rule,
    endpoint.criteria,
    estimate.estimate,
    estimate.entry,
    endpoint.start = 'diagnosis' AND estimate.entry = 'time zero' AS immortal_time
FROM reference.endpoint AS endpoint
CROSS JOIN
    LATERAL (
        VALUES
        ('survival', 'time zero', endpoint.shown_as <> 'incidence'),
        ('survival', 'delayed', endpoint.shown_as <> 'incidence' AND endpoint.start = 'diagnosis'),
        ('incidence', 'time zero', endpoint.shown_as <> 'survival')
    ) AS estimate (estimate, entry, applies)
WHERE estimate.applies
