SELECT
    endpoint.endpoint,
    endpoint.rule,
    endpoint.criteria,
    ending.kind,
    ending.role
FROM reference.endpoint AS endpoint
CROSS JOIN
    LATERAL (
        VALUES
        ('progression', endpoint.progression),
        ('hepatic progression', endpoint.hepatic_progression),
        ('extrahepatic progression', endpoint.extrahepatic_progression),
        ('death', endpoint.death),
        (endpoint.censored_at, 'censoring')
    ) AS ending (kind, role)
WHERE ending.role IS NOT NULL
