-- The roles of the warehouse in this database, as an administrator makes them; it can be run again at any time.
-- Passwords are set apart: ALTER ROLE bi_reader PASSWORD '...'.
DO $roles$
DECLARE
    a_role TEXT;
    a_schema TEXT;
    thing RECORD;
BEGIN
    FOREACH a_role IN ARRAY ARRAY['registry_writer', 'bi_reader', 'registry_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = a_role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I LOGIN', a_role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- somebody made it meanwhile
            END;
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), a_role);
    END LOOP;

    -- The writer sees since when readers hold locks, and may end their sessions.
    FOREACH a_role IN ARRAY ARRAY['bi_reader', 'registry_reader'] LOOP
        IF NOT pg_has_role('registry_writer', a_role, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO registry_writer', a_role);
        END IF;
        FOR thing IN SELECT * FROM (VALUES
            ('default_transaction_read_only', 'on'),
            ('default_transaction_isolation', 'repeatable read'),
            ('statement_timeout', '600s'),
            ('idle_in_transaction_session_timeout', '600s'),
            ('temp_file_limit', '10GB')
        ) AS s (name, kept) LOOP
            -- Who fills the disk stops the loaders; only an administrator of the whole server may set a bound.
            IF thing.name <> 'temp_file_limit' OR has_parameter_privilege(thing.name, 'SET') THEN
                EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %I = %L', a_role, current_database(), thing.name, thing.kept);
            END IF;
        END LOOP;
    END LOOP;

    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO registry_writer', current_database());
    IF to_regnamespace('public') IS NOT NULL THEN
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
    END IF;

    -- What another account has made of the warehouse is the writer's.
    FOREACH a_schema IN ARRAY ARRAY['{{ schemas | join("', '") }}'] LOOP
        FOR thing IN
            SELECT n.nspname
            FROM pg_namespace AS n
            WHERE n.nspname = a_schema AND n.nspowner <> 'registry_writer'::regrole
        LOOP
            EXECUTE format('ALTER SCHEMA %I OWNER TO registry_writer', thing.nspname);
        END LOOP;
        FOR thing IN
            SELECT n.nspname, c.relname
            FROM pg_class AS c
            INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
            WHERE n.nspname = a_schema AND c.relkind IN ('r', 'v') AND c.relowner <> 'registry_writer'::regrole
        LOOP
            EXECUTE format('ALTER TABLE %I.%I OWNER TO registry_writer', thing.nspname, thing.relname);
        END LOOP;
    END LOOP;

    -- A reader could hold the loaders' locks, and write large objects, by functions that everybody may call.
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        FOR thing IN
            SELECT p.oid::regprocedure AS called
            FROM pg_proc AS p
            WHERE
                p.pronamespace = 'pg_catalog'::regnamespace
                AND (p.proname LIKE 'pg%advisory%' OR p.proname LIKE 'lo\_%' OR p.proname IN ('lowrite', 'loread'))
        LOOP
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', thing.called);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO registry_writer', thing.called);
        END LOOP;
    END IF;
END $roles$;
