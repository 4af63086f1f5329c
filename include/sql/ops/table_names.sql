SELECT table_schema || '.' || table_name AS table_name
FROM information_schema.tables
WHERE
    table_schema IN (
        'ops', 'received', 'decision', 'resolved', 'quarantine', 'reference', 'clinical', 'derived', 'marts'
    )
