-- Who reads which schema, of those roles and schemas that there are: what is in them now, and what is made there later.
DO $grants$
DECLARE
    thing RECORD;
    an_owner TEXT;
BEGIN
    FOR thing IN
        SELECT g.reader, n.nspname AS read_schema
        FROM (VALUES
{% for reader, schemas in reads.items() %}
            ('{{ reader }}', ARRAY['{{ schemas | join("', '") }}']){{ "," if not loop.last }}
{% endfor %}
        ) AS g (reader, read_schemas)
        INNER JOIN pg_roles AS r ON g.reader = r.rolname
        INNER JOIN pg_namespace AS n ON n.nspname = ANY(g.read_schemas)
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', thing.read_schema, thing.reader);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', thing.read_schema, thing.reader);
        FOR an_owner IN
            SELECT r.rolname
            FROM pg_roles AS r
            WHERE r.rolname IN ('registry_writer', current_user) AND pg_has_role(current_user, r.oid, 'USAGE')
        LOOP
            EXECUTE format(
                'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT SELECT ON TABLES TO %I',
                an_owner, thing.read_schema, thing.reader
            );
        END LOOP;
    END LOOP;
END $grants$;
