-- Who dies was alive until then: where a death is no event, it ends a time that the last sign of life would end.
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
        (endpoint.censored_at, 'censoring'),
        (
            'death',
            CASE
                WHEN endpoint.censored_at = 'last known alive' AND COALESCE(endpoint.death, 'competing') = 'competing'
                    THEN 'censoring'
            END
        )
    ) AS ending (kind, role)
WHERE ending.role IS NOT NULL
