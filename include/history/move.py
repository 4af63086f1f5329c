"""Move: a DuckDB warehouse, with all that was received and decided, to PostgreSQL.

Facts are copied as they are; all else is made of them again. The landing area stays where it is.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.settings import Settings
from include.history.journal import write_journal
from include.history.world import fact_tables, tables_of
from include.pipeline.derivation import derive_touched
from include.pipeline.marts import publish, refresh_stale
from include.pipeline.marts.disclosure import STEP as LIMIT
from include.warehouse import Warehouse, migration, open_warehouse, prepare
from include.warehouse.frames import NULL, copy_csv
from include.warehouse.noted import note
from include.warehouse.tables import Table, read_table

STEP = "move"
"""The step that is noted while a move has not come to its end."""
TOLD = ("seen_file", "alarm", "estimate")
"""Tables of `ops` that no fact tells: which files were looked at, what people were told, estimates of earlier days."""


@dataclass(frozen=True)
class MoveReport:
    """How many files and decisions the new warehouse has."""

    files: int
    decisions: int


def move(settings: Settings, to: str) -> MoveReport:
    """Fill an empty PostgreSQL warehouse; a move that was interrupted goes on where it stopped.

    Raises RegistryError REG-123 when the target is not empty or the source is not whole, and REG-608 when the journal
    beside the landing area is not that of the decisions.
    """
    target = replace(settings, warehouse=to)
    with open_warehouse(settings.warehouse) as source:
        prepare(source)
        if migration.is_pending(source):
            raise RegistryError("REG-123", "Files of an earlier version are still to be received.")
    with open_warehouse(target.warehouse) as warehouse:
        prepare(warehouse)
        if warehouse.generation(STEP) is None:
            _copy(settings.warehouse, warehouse)
        derive_touched(warehouse)
        refresh_stale(warehouse)
        publish(warehouse)
        write_journal(warehouse, target)
        files, decisions = (
            int(warehouse.scalar(f"SELECT COUNT(*) FROM {table}")) for table in ("received.file", "decision.event")
        )
        warehouse.run("DELETE FROM ops.step WHERE step = :step", step=STEP)
    return MoveReport(files, decisions)


def _copy(source: str, warehouse: Warehouse) -> None:
    """Copy all in one transaction: there is everything, or nothing and the move begins again."""
    tables = [*fact_tables(), *(read_table("ops", name) for name in TOLD)]
    if any(warehouse.scalar(f"SELECT EXISTS (SELECT 1 FROM {table.name})") for table in tables):
        raise RegistryError("REG-123", "The target has files or decisions.")
    with (
        scratch() as folder,
        open_warehouse("duckdb:///:memory:") as reader,
        tables_of(source, reader, folder) as stored,
        warehouse.transaction(),
    ):
        for table in tables:
            _copy_table(reader, stored(table), warehouse, table, folder / "rows.csv")
        chosen = reader.scalar(f"SELECT fingerprint FROM {stored(read_table('ops', 'step'))} WHERE step = '{LIMIT}'")
        if chosen is not None:
            note(warehouse, LIMIT, chosen)
        warehouse.set_generation(STEP, 1)


def _copy_table(reader: Warehouse, source: str, warehouse: Warehouse, table: Table, file: Path) -> None:
    rows = f"SELECT {table.column_names} FROM {source}"
    reader.run_verbatim(f"COPY ({rows}) TO '{file}' (FORMAT csv, HEADER false, NULLSTR '{NULL}')")
    with file.open("rb") as lines:
        copy_csv(warehouse, f"{table.name} ({table.column_names})", lines, null=NULL)
    warehouse.analyze(table.name)
