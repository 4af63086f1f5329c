"""What each role of PostgreSQL may do, asked of the server itself; everything else is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.people.alarms.current import current_alarms
from include.people.reporting.validation import write_report
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse, prepare
from include.warehouse.access import make_roles, open_databases
from tests.history.conftest import DAY_3, copied_registry
from tests.support.extracts import row, send
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates, new_database

REFUSED = "42501"
READERS = ("bi_reader", "registry_reader")
RELATIONS = """
SELECT n.nspname || '.' || c.relname, c.relkind
FROM pg_class AS c INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind IN ('r', 'v') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1
"""
FORBIDDEN = [
    "CREATE TABLE marts.mine (a INTEGER)",
    "CREATE TABLE public.mine (a INTEGER)",
    "CREATE TEMPORARY TABLE mine (a INTEGER)",
    "CREATE SCHEMA mine",
    "CREATE VIEW reference.mine AS SELECT 1 AS a",
    "CREATE FUNCTION marts.mine() RETURNS INTEGER LANGUAGE SQL AS 'SELECT 1'",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "DROP TABLE marts.toxicity",
    "ALTER TABLE marts.toxicity ADD COLUMN a INTEGER",
    "COMMENT ON TABLE marts.toxicity IS 'mine'",
    "TRUNCATE marts.toxicity",
    "DO 'BEGIN LOCK TABLE marts.toxicity IN ACCESS EXCLUSIVE MODE; END'",
    "DO 'BEGIN LOCK TABLE marts.toxicity IN SHARE MODE; END'",
    "GRANT registry_writer TO bi_reader",
    "SET ROLE registry_writer",
    "SET SESSION AUTHORIZATION postgres",
    "SET log_min_messages = error",
    "ALTER SYSTEM SET log_statement = 'all'",
    "ALTER DATABASE {database} SET log_min_messages = error",
    "ALTER ROLE bi_reader SUPERUSER",
    "ALTER ROLE registry_writer SET statement_timeout = 1",
    "SELECT pg_advisory_lock(72734)",
    "SELECT pg_try_advisory_xact_lock(1)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'a')",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_terminate_backend({other})",
    "SELECT pg_reload_conf()",
    "COPY reference.setting TO '/tmp/mine.csv'",
    "COPY reference.setting TO PROGRAM 'cat'",
]


@pytest.fixture(scope="module")
def url(templates: Templates, postgres_server: str) -> str:
    """A prepared database with its roles."""
    made = templates.postgresql(postgres_server)
    with open_warehouse(made) as warehouse:
        make_roles(warehouse)
    return made


def of_role(url: str, role: str) -> str:
    """The URL with which a role signs in."""
    return sa.make_url(url).set(username=role).render_as_string(hide_password=False)


@contextmanager
def session(url: str, role: str) -> Iterator[psycopg.Connection[Any]]:
    """A session of a role that does as little as it must by the platform's own rules."""
    parsed = sa.make_url(of_role(url, role))
    with psycopg.connect(host=str(parsed.query["host"]), dbname=parsed.database, user=role, autocommit=True) as opened:
        yield opened


def refusal(opened: psycopg.Connection[Any], statement: str) -> str | None:
    """The state with which PostgreSQL refuses a statement; None = it does not."""
    try:
        opened.execute(statement)  # type: ignore[call-overload]
    except psycopg.Error as error:
        return error.sqlstate
    return None


def relations(url: str) -> list[tuple[str, str]]:
    """Every table and view of the database, and which of both it is."""
    with open_warehouse(url, read_only=True) as warehouse:
        return [(name, kind) for name, kind in warehouse.run_verbatim(RELATIONS)]


def readable(url: str, role: str) -> set[str]:
    """The schemas of which a role can read every table and view; it can read nothing of the others."""
    read: dict[str, set[bool]] = {}
    there = relations(url)
    with session(url, role) as opened:
        for name, _ in there:
            refused = refusal(opened, f"SELECT * FROM {name} LIMIT 0")
            assert refused in (None, REFUSED), (name, refused)
            read.setdefault(name.partition(".")[0], set()).add(refused is None)
    assert {schema for schema, found in read.items() if len(found) > 1} == set()
    return {schema for schema, found in read.items() if found == {True}}


def test_analysts_read_marts_and_reference_alone(url: str) -> None:
    assert readable(url, "bi_reader") == {"marts", "reference"}


def test_the_monitor_reads_all_but_what_a_derivation_works_on(url: str) -> None:
    schemas = {name.partition(".")[0] for name, _ in relations(url)}
    assert readable(url, "registry_reader") == schemas - {"scope"}


@pytest.mark.parametrize("role", READERS)
def test_a_reader_changes_no_table(url: str, role: str) -> None:
    tables = [name for name, kind in relations(url) if kind == "r"]
    assert len(tables) > 100
    with session(url, role) as opened:
        opened.execute("SET default_transaction_read_only = off")
        for name in tables:
            for statement in (f"INSERT INTO {name} DEFAULT VALUES", f"DELETE FROM {name}", f"TRUNCATE {name}"):
                assert refusal(opened, statement) == REFUSED, statement


@pytest.mark.parametrize("role", READERS)
def test_a_reader_does_nothing_else(url: str, role: str) -> None:
    with session(url, "postgres") as other, session(url, role) as opened:
        names = {"other": other.info.backend_pid, "database": other.info.dbname}
        opened.execute("SET default_transaction_read_only = off")
        done = [one for one in FORBIDDEN if refusal(opened, one.format(**names)) != REFUSED]
    assert done == []


@pytest.mark.parametrize("role", READERS)
def test_a_reader_reads_one_moment_and_not_for_ever(url: str, role: str) -> None:
    settings = ["transaction_read_only", "transaction_isolation", "statement_timeout"]
    settings += ["idle_in_transaction_session_timeout", "temp_file_limit", "log_min_messages"]
    with session(url, role) as opened:
        found = [opened.execute(f"SHOW {name}").fetchone() for name in settings]  # type: ignore[call-overload]
    assert [value for (value,) in found] == ["on", "repeatable read", "10min", "10min", "10GB", "log"]


@pytest.fixture
def settings(tmp_path: Path, templates: Templates, postgres_server: str) -> Settings:
    """A registry after three days whose roles were made then; the writer signs in."""
    made = copied_registry(tmp_path, templates, postgres_server)
    with open_warehouse(made.warehouse) as warehouse:
        make_roles(warehouse)
    return replace(made, warehouse=of_role(made.warehouse, "registry_writer"))


def test_grants_survive_nights_other_versions_and_tables_that_are_made_again(settings: Settings) -> None:
    before = {role: readable(settings.warehouse, role) for role in READERS}
    assert before["bi_reader"] == {"marts", "reference"}
    send(Path(settings.extracts), "results", DAY_3, [row("results", "L9")], "late.csv")
    assert [load.loaded for load in run_steps(settings).loads] == [1]
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.run_verbatim("CREATE TABLE marts.swapped AS SELECT * FROM marts.toxicity; DROP TABLE marts.toxicity")
        warehouse.run_verbatim("ALTER TABLE marts.swapped RENAME TO toxicity; ALTER TABLE marts.albi ADD COLUMN a TEXT")
        warehouse.connection.commit()
        assert {role: readable(settings.warehouse, role) for role in READERS} == before
        warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
        prepare(warehouse)
    assert {role: readable(settings.warehouse, role) for role in READERS} == before


def test_the_writer_prepares_an_empty_database_as_an_administrator_does(
    settings: Settings, postgres_server: str
) -> None:
    empty = new_database(postgres_server)
    with open_warehouse(empty) as warehouse:
        make_roles(warehouse)
    with open_warehouse(of_role(empty, "registry_writer")) as warehouse:
        prepare(warehouse)
    assert readable(empty, "bi_reader") == {"marts", "reference"}


def test_the_monitor_shows_alarms_and_a_night(settings: Settings, tmp_path: Path) -> None:
    shown = []
    for role in ("registry_writer", "registry_reader"):
        with open_warehouse(of_role(settings.warehouse, role), read_only=True) as warehouse:
            written = write_report(warehouse, tmp_path / role, None, ["csv"])
            shown.append((current_alarms(warehouse), [file.read_bytes() for file in written]))
    assert shown[0] == shown[1]
    assert shown[0][1]


def test_who_may_not_make_roles_is_told_what_to_run(url: str) -> None:
    with open_warehouse(of_role(url, "registry_writer")) as warehouse, pytest.raises(RegistryError) as raised:
        make_roles(warehouse)
    assert raised.value.code == "REG-122"
    assert "./registry roles --sql" in str(raised.value)


def test_databases_that_are_open_to_readers_are_named(url: str, postgres_server: str) -> None:
    other = new_database(postgres_server)
    name = str(sa.make_url(other).database)
    with open_warehouse(url) as warehouse:
        assert name in open_databases(warehouse)
        warehouse.run_verbatim(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        assert name not in open_databases(warehouse)


def test_roles_set_again_what_a_reader_changed_of_itself(url: str) -> None:
    own = sa.make_url(url).database
    with session(url, "bi_reader") as opened:
        opened.execute("SET default_transaction_read_only = off")
        opened.execute(f"ALTER ROLE bi_reader IN DATABASE {own} SET statement_timeout = 0")  # type: ignore[arg-type]
    with open_warehouse(url) as warehouse:
        make_roles(warehouse)
    with session(url, "bi_reader") as opened:
        assert opened.execute("SHOW statement_timeout").fetchone() == ("10min",)


def test_roles_are_made_again_without_harm(url: str) -> None:
    with open_warehouse(url) as warehouse:
        before = contents(warehouse)
        make_roles(warehouse)
        assert_same(contents(warehouse), before)
    assert readable(url, "bi_reader") == {"marts", "reference"}
