"""One session of the warehouse, DuckDB's or PostgreSQL's, for everything that a step does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import sqlalchemy as sa

from include.basics.templates import Names
from include.warehouse.clock import utc_now
from include.warehouse.refusal import NAMING
from include.warehouse.sql import render
from include.warehouse.turns import ADVISORY_LOCK, CLAIM, take_turn

if TYPE_CHECKING:
    import pandas as pd

GROWN = """
    SELECT t.name
    FROM UNNEST(CAST(:tables AS TEXT[])) AS t (name)
    INNER JOIN pg_class AS c ON c.oid = TO_REGCLASS(t.name)
    WHERE
        c.reltuples <= 0
        OR NOT EXISTS (
            SELECT 1
            FROM pg_stats AS s
            WHERE s.schemaname = CAST(CAST(c.relnamespace AS REGNAMESPACE) AS TEXT) AND s.tablename = c.relname
        )
        OR ABS(pg_relation_size(c.oid) / CAST(CURRENT_SETTING('block_size') AS INTEGER) - c.relpages) > c.relpages * 0.1
"""
"""Those of some of PostgreSQL's tables whose files are not as large as when its planner was told what they hold, or of
which it was told in a transaction that failed."""


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

    def run_file(self, name: str, of: Names | None = None, **parameters: Any) -> sa.CursorResult[Any]:
        """Run `include/sql/<name>.sql`; `of` has the identifiers its template asks for."""
        return self.run(render(name, of), **parameters)

    def replace_temporary(self, name: str, file: str, of: Names | None = None, **parameters: Any) -> None:
        """Make a temporary table anew by `include/sql/<file>.sql`."""
        self.drop_temporary(name)
        self._temporary[name] = "TABLE"
        self.run_file(file, of, **parameters)

    def create_temporary(self, name: str, content: str, kind: str = "TABLE") -> None:
        """Make a temporary table or view anew; `content` is what follows its name, verbatim."""
        self.drop_temporary(name)
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
        take_turn(self.connection)
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
