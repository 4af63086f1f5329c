"""The marts as a file of their own.

A DuckDB file admits one writer or many readers, so BI tools read `<warehouse>.marts.duckdb`, which is replaced by an
atomic rename. PostgreSQL needs no snapshot.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from include.warehouse import Warehouse
from include.warehouse.schema import mart_tables
from include.warehouse.tables import describe


def snapshot_of(database: str) -> Path:
    """The snapshot's place beside the warehouse file."""
    file = Path(database)
    return file.with_name(f"{file.stem}.marts.duckdb")


def write_snapshot(warehouse: Warehouse, target: Path) -> None:
    """Replace the snapshot by the marts of now, described as they are there; DuckDB is on one thread.

    Blocks of 16 KB suit small tables: a fourth of the size. To try every kind of compression on each of 700 columns
    takes longer than to write them, and saves a tenth.
    """
    fresh = target.with_suffix(".new")
    for left in (fresh, fresh.with_suffix(".new.wal")):
        left.unlink(missing_ok=True)
    warehouse.connection.commit()
    warehouse.run_verbatim(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS snapshot (BLOCK_SIZE 16384)")
    with _written_at_once(warehouse), warehouse.transaction():
        warehouse.run_verbatim("CREATE SCHEMA snapshot.marts")
        for table in mart_tables():
            warehouse.run_verbatim(f"CREATE TABLE snapshot.{table.name} AS SELECT * FROM {table.name}")
            describe(warehouse, replace(table, name=f"snapshot.{table.name}"))
    warehouse.run_verbatim("DETACH snapshot")
    warehouse.connection.commit()
    fresh.replace(target)


@contextmanager
def _written_at_once(warehouse: Warehouse) -> Iterator[None]:
    """A commit goes to the file, not by way of the log, with one kind of compression; an error ends the session."""
    before = warehouse.scalar("SELECT current_setting('checkpoint_threshold')")
    warehouse.run_verbatim("SET checkpoint_threshold = '0b'; SET force_compression = 'dictionary'")
    yield
    warehouse.run_verbatim(f"SET checkpoint_threshold = '{before}'; SET force_compression = 'auto'")
