"""Publishes the marts as a file of their own.

A DuckDB file admits one writer or many readers, so BI tools read `<warehouse>.marts.duckdb`, which is replaced by an
atomic rename. PostgreSQL needs no snapshot.
"""

from pathlib import Path

from include.warehouse import Warehouse
from include.warehouse.tables import manifest


def snapshot_of(database: str) -> Path:
    """The snapshot's place beside the warehouse file."""
    file = Path(database)
    return file.with_name(f"{file.stem}.marts.duckdb")


def publish(warehouse: Warehouse) -> None:
    """Replace the snapshot when it is older than the marts."""
    database = warehouse.engine.url.database
    if not warehouse.is_duckdb or database in (None, "", ":memory:"):
        return
    target = snapshot_of(str(database))
    generation = warehouse.generation("refresh")
    if generation is None or (target.exists() and warehouse.generation("publish") == generation):
        return
    _copy_marts(warehouse, target)
    with warehouse.transaction():
        warehouse.set_generation("publish", generation)


def _copy_marts(warehouse: Warehouse, target: Path) -> None:
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    warehouse.connection.commit()
    warehouse.run_verbatim(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS snapshot")
    warehouse.run_verbatim("CREATE SCHEMA snapshot.marts")
    for name in manifest("marts"):
        warehouse.run_verbatim(f"CREATE TABLE snapshot.marts.{name} AS SELECT * FROM marts.{name}")
    warehouse.connection.commit()
    warehouse.run_verbatim("DETACH snapshot")
    warehouse.connection.commit()
    fresh.replace(target)
