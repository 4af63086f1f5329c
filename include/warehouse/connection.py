"""A connection to the warehouse: DuckDB file or PostgreSQL, one session for everything a step does."""

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import sqlalchemy as sa
import tenacity
from sqlalchemy.pool import StaticPool

from include.basics.errors import RegistryError
from include.basics.private import make_private, private_files
from include.basics.scratch import own_folder
from include.basics.settings import number
from include.warehouse import dialect, refusal
from include.warehouse.address import read_url
from include.warehouse.clock import utc_now
from include.warehouse.postgresql import check_server, connect_args, postgresql_error
from include.warehouse.refusal import NAMING
from include.warehouse.sql import render

if TYPE_CHECKING:
    import pandas as pd

TRIES_IN_SILENCE = 20
ADVISORY_LOCK = 72_734
CLAIM = f"hashtextextended(:name, {ADVISORY_LOCK})"
"""The advisory lock that claims what has a name."""
GROWN = """
    SELECT t.name
    FROM UNNEST(CAST(:tables AS TEXT[])) AS t (name)
    INNER JOIN pg_class AS c ON c.oid = TO_REGCLASS(t.name)
    WHERE
        c.reltuples <= 0
        OR ABS(pg_relation_size(c.oid) / CAST(CURRENT_SETTING('block_size') AS INTEGER) - c.relpages) > c.relpages * 0.1
"""
"""Those of some of PostgreSQL's tables whose files are not as large as when its planner was told what they hold."""
SHUT = "SET enable_external_access = false; SET lock_configuration = true"
"""DuckDB's session of a reader: no file beside the warehouse, and no way back."""
_MEMORIES = count(1)
DUCKDB_CONFIG = {"memory_limit": os.environ.get("DUCKDB_MEMORY_LIMIT", "2GB")}


class Warehouse:
    """One session of the warehouse.

    All statements share one database connection, so temporary tables and Great Expectations' queries
    meet in the same place.
    """

    def __init__(self, engine: sa.Engine, connection: sa.Connection) -> None:
        self.engine = engine
        self.connection = connection
        self._temporary: dict[str, str] = {}
        self._threads = 0

    @property
    def is_duckdb(self) -> bool:
        """Whether the warehouse is a DuckDB file."""
        return self.engine.dialect.name == "duckdb"

    def run(self, statement: str, **parameters: Any) -> sa.CursorResult[Any]:
        """Run one statement with bound `:parameters`."""
        return self.connection.execute(sa.text(statement), parameters)

    def run_verbatim(self, statement: str) -> sa.CursorResult[Any]:
        """Run statements as they stand: a colon starts no parameter."""
        return self.connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

    def frame(self, select: str) -> "pd.DataFrame":
        """The rows of a SELECT; DuckDB hands over whole columns."""
        import pandas as pd

        if self.is_duckdb:
            driver: Any = self.connection.connection.driver_connection
            try:
                frame: pd.DataFrame = driver.execute(select).df()
            except duckdb.Error as error:
                kind = sa.exc.ProgrammingError if isinstance(error, NAMING) else sa.exc.DataError
                raise kind(select, None, error) from None
            return frame
        try:
            return pd.read_sql(sa.text(select.replace(":", "\\:")), self.connection)
        except pd.errors.DatabaseError as error:
            raise error.__cause__ or error from None

    def run_file(self, name: str, names: Mapping[str, Any] | None = None, **parameters: Any) -> sa.CursorResult[Any]:
        """Run `include/sql/<name>.sql`; `names` are the identifiers its template asks for."""
        return self.run(render(name, names or {}), **parameters)

    def replace_temporary(self, name: str, file: str, names: Mapping[str, Any], **parameters: Any) -> None:
        """Make a temporary table or view anew by `include/sql/<file>.sql`."""
        self.drop_temporary(name)
        statement = render(file, names)
        self._temporary[name] = "VIEW" if "CREATE TEMPORARY VIEW" in statement else "TABLE"
        self.run(statement, **parameters)

    def create_temporary(self, name: str, content: str, kind: str = "TABLE") -> None:
        """Make a temporary table or view; `content` is what follows its name, verbatim."""
        self._temporary[name] = kind
        self.run_verbatim(f"CREATE TEMPORARY {kind} {name} {content}")

    def rename_temporary(self, name: str, new: str) -> None:
        """Give a temporary table another name, in place of what had it."""
        self.drop_temporary(new)
        self.run_verbatim(f"ALTER TABLE {name} RENAME TO {new}")
        self._temporary[new] = self._temporary.pop(name)

    def drop_temporary(self, *names: str) -> None:
        """Drop those of the session's temporary tables and views that are named; all of them without a name.

        What was made once is dropped each time: whether a rollback took it, or brought it back, is not known.
        """
        known = [name for name in names or self._temporary if name in self._temporary]
        views_first = sorted(known, key=lambda name: self._temporary[name], reverse=True)
        dropped = [f"DROP {self._temporary[name]} IF EXISTS {name} CASCADE" for name in views_first]
        if dropped:
            self.run_verbatim("; ".join(dropped))

    def analyze(self, *tables: str) -> None:
        """Tell PostgreSQL's planner what the tables hold now; DuckDB needs no telling."""
        for table in () if self.is_duckdb else tables:
            self.run(f"ANALYZE {table}")

    def analyze_grown(self, *tables: str) -> None:
        """The same for those that became larger or smaller by a tenth since they were told."""
        if not self.is_duckdb:
            self.analyze(*self.run(GROWN, tables=list(tables)).scalars())

    def scalar(self, statement: str, **parameters: Any) -> Any:
        """The first column of the first row."""
        return self.run(statement, **parameters).scalar()

    def insert_select(self, table: str, columns: str, select: str, **stamps: Any) -> None:
        """Insert a SELECT's rows by column name, each with the same further values (`stamps`)."""
        more = "".join(f', "{name}"' for name in stamps)
        values = "".join(f", :{name}" for name in stamps)
        escaped = select.replace(":", "\\:")
        self.run(f"INSERT INTO {table} ({columns}{more}) SELECT {columns}{values} FROM ({escaped}) AS q", **stamps)

    def count_step(self, step: str) -> None:
        """Note that a step changed something."""
        self.set_generation(step, (self.generation(step) or 0) + 1)

    def generation(self, step: str) -> int | None:
        """How often the step changed something; None = never."""
        generation: int | None = self.scalar(f"SELECT generation FROM ops.step WHERE step = '{step}'")
        return generation

    def changes(self) -> int:
        """How many changes of what marts are made of there were: what the marts are compared with."""
        changing = "'pull', 'load', 'derive', 'catalogue', 'estimators'"
        return int(self.scalar(f"SELECT SUM(generation) FROM ops.step WHERE step IN ({changing})"))

    def marts_are_stale(self) -> bool:
        """Whether something that the marts are made of changed since they were refreshed."""
        return self.changes() != self.generation("refresh")

    def set_generation(self, step: str, generation: int) -> None:
        """Write a step's generation."""
        forgotten = f"DELETE FROM ops.step WHERE step = '{step}'"
        entered = f"INSERT INTO ops.step (step, generation, changed_at) VALUES ('{step}', {generation}, '{utc_now()}')"
        self.run_verbatim(f"{forgotten}; {entered}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is done or nothing is."""
        self.connection.commit()
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def share_work(self, *, is_much: bool) -> None:
        """From here on DuckDB works on all its cores, or on one, which is busy for as long with little, but alone."""
        if not self.is_duckdb:
            return
        if not self._threads:
            self._threads = int(self.scalar("SELECT current_setting('threads')"))
        self.run_verbatim(f"SET threads = {self._threads if is_much else 1}")

    @contextmanager
    def joins_as_written(self) -> Iterator[None]:
        """Meanwhile DuckDB looks rows up in the right side of each join.

        It takes the rows that are in scope for few, and would keep the larger side of a join to look rows up in.
        """
        with self._duckdb_has("disabled_optimizers", "'build_side_probe_side'"):
            yield

    @contextmanager
    def rows_in_any_order(self) -> Iterator[None]:
        """Meanwhile DuckDB writes rows as its threads have them; else one alone writes what was joined or ordered."""
        with self._duckdb_has("preserve_insertion_order", "false"):
            yield

    @contextmanager
    def _duckdb_has(self, setting: str, value: str) -> Iterator[None]:
        """Meanwhile DuckDB has a setting; it is not set back after an error, which ends the session."""
        if self.is_duckdb:
            self.run_verbatim(f"SET {setting} = {value}")
        yield
        if self.is_duckdb:
            self.run_verbatim(f"RESET {setting}")

    @contextmanager
    def joins_of_many(self) -> Iterator[None]:
        """Meanwhile PostgreSQL looks through no rows once for each row of others, where it can join them otherwise.

        It takes what a step of a SELECT gives for a few rows. After an error the transaction's end sets it back.
        """
        if not self.is_duckdb:
            self.run_verbatim("SET LOCAL enable_nestloop = off")
        yield
        if not self.is_duckdb:
            self.run_verbatim("RESET enable_nestloop")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn meanwhile, perhaps once more; raises RegistryError REG-103 as opening the warehouse does."""
        if self.is_duckdb:
            yield
            return
        _take_turn(self.connection)
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        finally:
            self.run("SELECT pg_advisory_unlock(:lock)", lock=ADVISORY_LOCK)
            self.connection.commit()

    def wait_for_turn(self) -> None:
        """Wait, however long, for the turn, and hold it until the transaction ends."""
        if not self.is_duckdb:
            self.run("SELECT pg_advisory_xact_lock(:lock)", lock=ADVISORY_LOCK)

    @contextmanager
    def claimed(self, names: Sequence[str]) -> Iterator[list[str]]:
        """Those of some names that no other session has claimed, for this one alone meanwhile; DuckDB has no other."""
        if self.is_duckdb:
            yield list(names)
            return
        mine = [name for name in names if self.scalar(f"SELECT pg_try_advisory_lock({CLAIM})", name=name)]
        self.connection.commit()
        try:
            yield mine
        except BaseException:
            self.connection.rollback()
            raise
        finally:
            for name in mine:
                self.run(f"SELECT pg_advisory_unlock({CLAIM})", name=name)
            self.connection.commit()


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
            _take_turn(connection)
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


def lock_wait() -> float:
    """LOCK_WAIT_SECONDS, a minute: how long a step waits for another one."""
    return number("LOCK_WAIT_SECONDS", 60)


def _take_turn(connection: sa.Connection) -> None:
    """Hold the advisory lock until it is given back or the session ends; it counts how often it was taken."""
    asked = sa.select(sa.func.pg_try_advisory_lock(ADVISORY_LOCK))
    attempt = tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda got: not got),
        wait=tenacity.wait_random(0.1, 0.5),
        stop=tenacity.stop_after_delay(lock_wait()),
        before_sleep=lambda state: _tell_wait(connection, state.attempt_number),
    )
    try:
        attempt(connection.scalar, asked)
    except tenacity.RetryError:
        raise refusal.turn_taken(connection, ADVISORY_LOCK) from None
    connection.commit()


def _tell_wait(connection: sa.Connection, tries: int) -> None:
    """Say once whom a step waits for, when it has waited for a few seconds."""
    if tries == TRIES_IN_SILENCE:
        told = refusal.turn_taken(connection, ADVISORY_LOCK).what
        logging.getLogger("registry").warning("%s Waiting for it, up to %g seconds.", told, lock_wait())


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
