"""Opens the warehouse: a DuckDB file, or PostgreSQL."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa
import tenacity
from sqlalchemy.pool import StaticPool

from include.basics.errors import RegistryError
from include.basics.private import make_private, private_files
from include.basics.scratch import own_folder
from include.warehouse import dialect, refusal
from include.warehouse.address import read_url
from include.warehouse.connection import Warehouse
from include.warehouse.postgresql import check_server, connect_args, postgresql_error
from include.warehouse.turns import lock_wait, take_turn

SHUT = "SET enable_external_access = false; SET lock_configuration = true"
"""DuckDB's session of a reader: no file beside the warehouse, and no way back."""
_MEMORIES = count(1)
DUCKDB_CONFIG = {"memory_limit": os.environ.get("DUCKDB_MEMORY_LIMIT", "2GB")}


@contextmanager
def open_warehouse(
    url: str,
    *,
    read_only: bool = False,
    turn: bool = True,
    wait: float | None = None,
    threads: int | None = None,
) -> Iterator[Warehouse]:
    """Open the warehouse at a SQLAlchemy URL; waits up to LOCK_WAIT_SECONDS, a minute, while another step has it open.

    Steps take turns: DuckDB locks its file, PostgreSQL is asked for an advisory lock. Readers (`read_only`) need no
    turn on PostgreSQL, and a DuckDB file that is not there is not made for them. Their session can write no table and
    reach no other file. A step that mostly works beside others there (`turn=False`) takes its `turn` for a part. DuckDB
    works with as many `threads` as there are cores, which costs small statements more than it brings them.

    Raises RegistryError REG-102 (URL), REG-103 (in use by another process), REG-112 to REG-116 (user, database, host,
    permission, disk), REG-125 (PostgreSQL that does not suffice), REG-126 (one that nobody prepared is read), and
    REG-106 in place of a database's own error, whose text may quote cells. What is written meanwhile is for owner and
    group alone.
    """
    with private_files():
        engine = _engine(url, read_only, threads)
        sa.event.listen(engine, "handle_error", refusal.tell_full_disk)
        with _session(engine, read_only, turn and not read_only, lock_wait() if wait is None else wait) as warehouse:
            yield warehouse


@contextmanager
def _session(engine: sa.Engine, read_only: bool, turn: bool, wait: float) -> Iterator[Warehouse]:
    connection = _connect(engine, wait)
    is_duckdb = engine.dialect.name == "duckdb"
    if is_duckdb:
        connection.exec_driver_sql("SET TimeZone = 'UTC'")
        if read_only:
            connection.exec_driver_sql(SHUT)
    try:
        if not is_duckdb:
            check_server(connection)
        if turn and not is_duckdb:
            take_turn(connection)
        yield Warehouse(engine, connection)
        connection.commit()
    except RegistryError as error:
        raise error from None
    except sa.exc.DBAPIError as error:
        raise refusal.not_done(error, engine.url, read_only=read_only) from None
    except postgresql_error() as error:
        if code := refusal.kind_of(error):
            raise RegistryError(code, f"{refusal.SAID[code]}: {refusal.place(engine.url)}.") from None
        raise RegistryError("REG-106", f"Rows could not be copied ({type(error).__name__}).") from None
    finally:
        connection.close()
        engine.dispose()


def _engine(url: str, read_only: bool, threads: int | None = None) -> sa.Engine:
    dialect.register()
    parsed = read_url(url)
    if parsed.drivername == "duckdb":
        _make_folder(parsed, read_only)
        limits = {"threads": threads} if threads else {}
        config = {**DUCKDB_CONFIG, **limits, "temp_directory": _spill(parsed, read_only)}
        how = {"config": config, "read_only": read_only}
        return sa.create_engine(parsed, poolclass=StaticPool, connect_args=how)
    if not read_only:
        own_folder()  # removes what a killed process has left, as DuckDB's folder does
    return sa.create_engine(parsed, poolclass=StaticPool, connect_args=connect_args(parsed, read_only=read_only))


def _make_folder(url: sa.URL, read_only: bool) -> None:
    if not url.database or url.database == ":memory:":
        return
    file = Path(url.database).resolve()
    if read_only and not file.exists():
        raise RegistryError("REG-102", f"There is no warehouse {file}.")
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        make_private(file)


def _spill(url: sa.URL, read_only: bool) -> str:
    """Where DuckDB writes what memory does not hold, a folder for each database; a reader without SCRATCH has none."""
    try:
        folder = own_folder()
    except RegistryError:
        if read_only:
            return ""
        raise
    is_file = url.database and url.database != ":memory:"
    name = hashlib.sha256(str(url.database).encode()).hexdigest()[:16] if is_file else next(_MEMORIES)
    return str(folder / f"spill-{name}")


def _connect(engine: sa.Engine, wait: float) -> sa.Connection:
    locked = tenacity.retry_if_exception(lambda error: "Could not set lock on file" in str(error))
    attempt = tenacity.Retrying(
        retry=locked,
        wait=tenacity.wait_random(0.1, 0.5),
        stop=tenacity.stop_after_delay(wait),
        reraise=True,
    )
    try:
        return attempt(engine.connect)
    except sa.exc.DBAPIError as error:
        raise refusal.not_opened(error, engine.url) from None
