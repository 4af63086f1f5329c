"""What went wrong with the database, by causes as they are: a code, the place, and no secret."""

import os
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.basics.settings import ROOT
from include.running.nightly.home import free_port
from include.warehouse import Warehouse, open_warehouse, opening, postgresql, turns
from include.warehouse.refusal import kind_of
from tests.support.warehouses import new_database

SECRET = "hunter2"


@pytest.fixture
def base(postgres_server: str) -> sa.URL:
    """A database of the server."""
    return sa.make_url(new_database(postgres_server))


def refused(url: sa.URL | str) -> RegistryError:
    """The error of opening a warehouse and reading and writing a little."""
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    with pytest.raises(RegistryError) as error, open_warehouse(text) as warehouse:
        warehouse.run("CREATE TABLE public.mine (n INTEGER)")
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None
    return error.value


@pytest.mark.parametrize(
    "url",
    [
        SECRET,
        f"postgresql+psycopg://ada:{SECRET}/registry",
        f"sqlite:///{SECRET}.db",
        f"postgresql+other://ada:{SECRET}@host/registry",
    ],
)
def test_a_url_that_is_none(url: str) -> None:
    assert refused(url).code == "REG-102"


def test_a_closed_port() -> None:
    port = free_port()
    error = refused(f"postgresql+psycopg://ada:{SECRET}@127.0.0.1:{port}/registry")
    assert (error.code, f"127.0.0.1:{port}/registry" in error.what) == ("REG-114", True)


def test_a_host_that_nobody_knows() -> None:
    assert refused(f"postgresql+psycopg://ada:{SECRET}@nowhere.invalid/registry").code == "REG-114"


def test_a_host_that_is_gone_is_noticed_within_two_minutes(base: sa.URL) -> None:
    def asked(url: sa.URL) -> tuple[int, ...]:
        with open_warehouse(url.render_as_string(hide_password=False)) as warehouse:
            told = warehouse.connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
            names = ("keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
            return tuple(int(told[name]) for name in names)

    idle, interval, count, sent = asked(base)
    assert idle + interval * count <= 120
    assert 0 < sent <= 120_000
    assert asked(base.update_query_dict({"keepalives_idle": "7"}))[0] == 7


def test_a_server_without_tls() -> None:
    def answer() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(8)
            line.sendall(b"N")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer, daemon=True).start()
        port = listener.getsockname()[1]
        url = f"postgresql+psycopg://ada:{SECRET}@127.0.0.1:{port}/registry?sslmode=verify-full"
        assert refused(url).code == "REG-120"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("SSL error: certificate verify failed", "REG-120"),
        ('server certificate for "a" does not match host name "b"', "REG-120"),
        ("SSL connection has been closed unexpectedly", "REG-114"),
        ("SSL SYSCALL error: EOF detected", "REG-114"),
        ("unsupported startup parameter: options", "REG-125"),
        ("SSL error: unexpected eof while reading", "REG-114"),
    ],
)
def test_what_is_said_without_a_state(said: str, code: str) -> None:
    assert kind_of(OSError(said)) == code


def test_a_database_that_is_not_there(base: sa.URL) -> None:
    error = refused(base.set(database="nothing"))
    assert (error.code, "nothing" in error.what) == ("REG-113", True)


def test_a_database_that_holds_no_unicode(postgres_server: str) -> None:
    latin = new_database(postgres_server, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    error = refused(latin)
    assert (error.code, "LATIN1" in error.what) == ("REG-125", True)


@pytest.mark.parametrize(
    "asked",
    ["SELECT 1 FROM ops.load", "SELECT 1 FROM nowhere.load", "SELECT no_such_column FROM information_schema.tables"],
)
@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_a_reader_of_what_nobody_prepared_is_told_what_to_do(
    engine: str, asked: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"duckdb:///{tmp_path}/empty.duckdb"
    if engine == "postgresql":
        url = request.getfixturevalue("base").render_as_string(hide_password=False)
    else:
        duckdb.connect(f"{tmp_path}/empty.duckdb").close()
    with pytest.raises(RegistryError) as error, open_warehouse(url, read_only=True) as warehouse:
        warehouse.run(asked)
    assert (error.value.code, "./registry run" in str(error.value)) == ("REG-126", True)


def test_a_server_that_is_too_old(base: sa.URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    assert refused(base).code == "REG-125"


def test_a_pooler_that_drops_what_a_session_sets(base: sa.URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "connect_args", lambda *_, **__: {})
    assert refused(base).code == "REG-125"


def test_what_the_url_sets_holds(base: sa.URL) -> None:
    url = base.update_query_dict({"options": "-c statement_timeout=1ms"})
    assert broken(url, lambda warehouse: warehouse.run_verbatim("SELECT pg_sleep(5)")) == "REG-119"


def test_a_user_that_is_not_there(base: sa.URL) -> None:
    assert refused(base.set(username="nobody", password=SECRET)).code == "REG-112"


def broken(base: sa.URL, work: Callable[[Warehouse], Any]) -> str:
    """The code of what goes wrong in an open session."""
    with pytest.raises(RegistryError) as error, open_warehouse(base.render_as_string(hide_password=False)) as warehouse:
        work(warehouse)
    return error.value.code


def test_a_statement_that_takes_too_long(base: sa.URL) -> None:
    slow = "SET statement_timeout = 50; SELECT pg_sleep(5)"
    assert broken(base, lambda warehouse: warehouse.run_verbatim(slow)) == "REG-119"


def cut_off(warehouse: Warehouse) -> None:
    """End the line to the server as the kernel does for a process that was killed: nobody says a state of SQL."""
    driver: Any = warehouse.connection.connection.driver_connection
    with socket.socket(fileno=os.dup(driver.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
    warehouse.run("SELECT 1")


def test_a_server_that_is_killed_meanwhile(base: sa.URL) -> None:
    assert broken(base, cut_off) == "REG-114"


def test_a_role_whose_connections_are_taken(base: sa.URL) -> None:
    with open_warehouse(base.render_as_string(hide_password=False)) as warehouse:
        warehouse.run("DROP ROLE IF EXISTS one_at_a_time")
        warehouse.run("CREATE ROLE one_at_a_time LOGIN CONNECTION LIMIT 0")
        warehouse.connection.commit()
        error = refused(base.set(username="one_at_a_time"))
        warehouse.run("DROP ROLE one_at_a_time")
    assert error.code == "REG-118"


@pytest.fixture
def asked_for_a_password(base: sa.URL) -> Iterator[sa.URL]:
    """A role that the server asks for its password."""
    with open_warehouse(base.render_as_string(hide_password=False)) as warehouse:
        warehouse.run("DROP ROLE IF EXISTS has_password")
        warehouse.run("CREATE ROLE has_password LOGIN PASSWORD 'another'")
        rules = Path(warehouse.scalar("SHOW hba_file"))
        before = rules.read_text()
        rules.write_text("local all has_password scram-sha-256\nhost all has_password all scram-sha-256\n" + before)
        warehouse.run("SELECT pg_reload_conf()")
    yield base.set(username="has_password", password=SECRET)
    rules.write_text(before)


def test_a_wrong_password(asked_for_a_password: sa.URL) -> None:
    assert refused(asked_for_a_password).code == "REG-112"


@pytest.fixture
def reader(base: sa.URL) -> Iterator[sa.URL]:
    """A role that may connect and nothing else."""
    with open_warehouse(base.render_as_string(hide_password=False)) as warehouse:
        warehouse.run("DROP ROLE IF EXISTS looks_only")
        warehouse.run("CREATE ROLE looks_only LOGIN")
        warehouse.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    yield base.set(username="looks_only")
    with open_warehouse(base.render_as_string(hide_password=False)) as warehouse:
        warehouse.run("DROP ROLE looks_only")


def test_a_role_that_may_not(reader: sa.URL) -> None:
    assert refused(reader).code == "REG-115"


def test_the_session_that_has_the_turn(
    base: sa.URL, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0.2")
    monkeypatch.setattr(turns, "TRIES_IN_SILENCE", 1)
    with open_warehouse(base.render_as_string(hide_password=False)) as holder:
        pid = holder.scalar("SELECT pg_backend_pid()")
        error = refused(base)
    assert (error.code, f"Session {pid} " in error.what) == ("REG-103", True)
    assert f"Session {pid} " in caplog.text


KILLED = """
    import sys
    from include.warehouse import open_warehouse

    with open_warehouse(sys.argv[1]) as warehouse:
        warehouse.run("SELECT pg_sleep(300)")
"""
SLEEPING = "SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(300)'"


def test_a_process_that_is_killed_in_a_long_statement_gives_its_turn_back(base: sa.URL) -> None:
    url = base.render_as_string(hide_password=False)
    with python(KILLED, url) as holder, open_warehouse(url, turn=False) as watching:
        while not watching.scalar(SLEEPING):
            watching.connection.rollback()
        holder.kill()
    with open_warehouse(url) as warehouse:
        assert warehouse.scalar(SLEEPING) == 0


def test_a_connection_that_is_lost_while_it_waits_for_the_turn(base: sa.URL, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(waiting: sa.Connection, tries: int) -> None:
        holder.run("SELECT pg_terminate_backend(:pid)", pid=waiting.scalar(sa.text("SELECT pg_backend_pid()")))

    monkeypatch.setattr(turns, "_tell_wait", end)
    with open_warehouse(base.render_as_string(hide_password=False)) as holder:
        assert refused(base).code == "REG-114"


def python(code: str, *arguments: Any, **how: Any) -> subprocess.Popen[str]:
    """Another process."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **how)


def test_the_process_that_holds_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0")
    file = tmp_path / "registry.duckdb"
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    with python(code, file) as holder:
        assert holder.stdout
        holder.stdout.readline()
        error = refused(f"duckdb:///{file}")
        holder.communicate("\n")
    assert (error.code, f"Process {holder.pid} holds" in error.what) == ("REG-103", True)


FILL = """
    import resource, signal, sys
    import sqlalchemy as sa
    from include.basics.errors import RegistryError
    from include.warehouse import open_warehouse

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with open_warehouse("duckdb:///" + sys.argv[1]) as warehouse:
            resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
            try:
                warehouse.run_verbatim("CREATE TABLE t AS SELECT MD5(CAST(range AS TEXT)) AS cell FROM range(1000000)")
            except sa.exc.DBAPIError:
                print("statement")
                raise
    except RegistryError as error:
        print("cause" if error.__cause__ else "", error.code)
"""


@pytest.fixture
def said_of_a_full_disk(tmp_path: Path) -> list[str]:
    """What a process says in turn that writes more than its files may hold."""
    with python(FILL, tmp_path / "registry.duckdb", env={**os.environ, "PYTHONPATH": str(ROOT)}) as writer:
        said, _ = writer.communicate(timeout=60)
    return said.split()


def test_a_disk_that_takes_no_more(said_of_a_full_disk: list[str]) -> None:
    assert said_of_a_full_disk[-1] == "REG-116"


def test_nobody_takes_a_full_disk_for_the_error_of_a_statement(said_of_a_full_disk: list[str]) -> None:
    assert "statement" not in said_of_a_full_disk
    assert "cause" not in said_of_a_full_disk


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """Root may write everywhere but where the kernel keeps its own files."""
    tmp_path.chmod(0o500)
    folder = tmp_path if os.geteuid() else Path("/sys")
    assert refused(f"duckdb:///{folder / 'registry.duckdb'}").code == "REG-115"
