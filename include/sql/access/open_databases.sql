-- The other databases of the server that a reader can sign in to: there it may write large objects, and temporary tables.
SELECT d.datname
FROM pg_database AS d
WHERE
    d.datallowconn
    AND d.datname <> CURRENT_DATABASE()
    AND (
        HAS_DATABASE_PRIVILEGE('bi_reader', d.oid, 'CONNECT')
        OR HAS_DATABASE_PRIVILEGE('registry_reader', d.oid, 'CONNECT')
    )
ORDER BY d.datname ASC
