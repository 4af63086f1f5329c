-- The server's log tells of this database what PostgreSQL itself does, and of a statement neither text nor values: an
-- error's first line quotes cells. What is settled here holds for sessions that begin later.
DO $log$
DECLARE
    thing RECORD;
BEGIN
    FOR thing IN SELECT * FROM (VALUES
        ('log_min_messages', 'log'),
        ('log_min_error_statement', 'panic'),
        ('log_error_verbosity', 'terse'),
        ('log_parameter_max_length', '0'),
        ('log_parameter_max_length_on_error', '0')
    ) AS s (name, kept) LOOP
        IF
            has_parameter_privilege(thing.name, 'SET')
            AND (SELECT pg_has_role(d.datdba, 'USAGE') FROM pg_database AS d WHERE d.datname = current_database())
        THEN
            EXECUTE format('ALTER DATABASE %I SET %I = %L', current_database(), thing.name, thing.kept);
        END IF;
    END LOOP;
END $log$;
