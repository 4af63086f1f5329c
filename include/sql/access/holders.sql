-- The other sessions that hold locks on what the schemas hold, the longest first; what they asked is not told.
SELECT
    a.pid,
    a.usename,
    a.application_name,
    a.xact_start
FROM pg_stat_activity AS a
WHERE
    a.pid <> PG_BACKEND_PID()
    AND a.pid IN (
        SELECT l.pid
        FROM pg_locks AS l
        INNER JOIN pg_class AS c ON l.relation = c.oid
        INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
        WHERE
            l.granted
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = CURRENT_DATABASE())
            AND n.nspname = ANY(CAST(:schemas AS TEXT[]))
    )
ORDER BY a.xact_start ASC NULLS LAST, a.pid ASC
