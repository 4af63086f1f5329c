"""A world: a warehouse in a scratch file, made from the facts of another one, all of them or those up to a day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.settings import Settings
from include.basics.templates import Names
from include.definitions import contracts
from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from include.pipeline.marts.disclosure import STEP
from include.warehouse import Warehouse, open_warehouse, prepare
from include.warehouse.exported import exported
from include.warehouse.schema import received_table
from include.warehouse.tables import Table, manifest, read_table

OBSERVED = ("not_pulled", "site_limit", "changed_column")
"""Tables of `ops` that no fact tells: extracts that were not copied, what sites' profiles say of limits and columns."""
UP_TO = ("batch_date", "decided_at", "finished_at", "reading", "decision_id", "load_id")
"""Columns by the first of which a table's facts are limited to a day."""


@dataclass(frozen=True)
class Copied(Names, files="history/copy_facts"):
    """A table of facts; where it, decisions and their subjects are copied from; which of UP_TO limits it."""

    table: Table
    source: str
    event: str
    subject: str
    up_to: str


@contextmanager
def world(settings: Settings, as_of: date | None = None) -> Iterator[Settings]:
    """The settings of a world of a warehouse: resolved, derived and refreshed; with `as_of`, as of the end of that day.

    A day's world has the extracts with that batch date or an earlier one, and the decisions made by then. Raises
    RegistryError REG-107 when there was no extract yet.
    """
    with scratch() as folder:
        made = replace(settings, warehouse=f"duckdb:///{folder / 'world.duckdb'}")
        with open_warehouse(made.warehouse) as warehouse:
            prepare(warehouse)
            _copy_facts(settings.warehouse, warehouse, folder, as_of)
            derive_touched(warehouse)
            refresh_stale(warehouse)
        yield made


def fact_tables() -> list[Table]:
    """The tables that hold facts, each behind those that it is limited by, and what was observed."""
    alike = [read_table(schema, name) for schema in ("decision", "received") for name in manifest(schema)]
    rows = [received_table(feed) for feed in contracts.FEEDS]
    return [*alike, *rows, *(read_table("ops", name) for name in OBSERVED)]


def _copy_facts(url: str, warehouse: Warehouse, folder: Path, as_of: date | None) -> None:
    with tables_of(url, warehouse, folder) as source, warehouse.transaction():
        asides = {name: source(read_table("decision", name)) for name in ("event", "subject")}
        for table in fact_tables():
            of = Copied(table, source(table), up_to=_limit(table) if as_of else "", **asides)
            warehouse.run_file("history/copy_facts", of, **({"as_of": as_of} if of.up_to else {}))
        step = source(read_table("ops", "step"))
        warehouse.run(f"INSERT INTO ops.step SELECT * FROM {step} WHERE step = '{STEP}'")
    if as_of and not warehouse.scalar("SELECT COUNT(*) FROM received.file"):
        raise RegistryError("REG-107", f"There is no extract up to {as_of}.")


def _limit(table: Table) -> str:
    """The column by which a table's facts are limited to a day; nothing = they are not."""
    columns = {column.name for column in table.columns}
    if table.name == "ops.not_pulled":
        return ""
    return next((name for name in UP_TO if name in columns), "")


@contextmanager
def tables_of(url: str, warehouse: Warehouse, folder: Path) -> Iterator[Callable[[Table], str]]:
    """How the session of a world names the tables of a warehouse: a DuckDB file is attached, PostgreSQL copied.

    All tables are as they were at one moment.
    """
    with open_warehouse(url, read_only=True) as other:
        if not other.is_duckdb:
            yield lambda table: exported(other, table, folder)
            return
        file = str(other.engine.url.database)
    warehouse.connection.commit()
    warehouse.run_verbatim(f"ATTACH '{file.replace(chr(39), chr(39) * 2)}' AS source (READ_ONLY)")
    try:
        yield lambda table: f"source.{table.name}"
    finally:
        warehouse.connection.commit()
        warehouse.run_verbatim("DETACH source")
