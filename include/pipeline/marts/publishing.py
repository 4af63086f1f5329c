"""Publishes the marts for readers: a DuckDB snapshot, and a set of Parquet files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.basics.scratch import scratch
from include.pipeline.marts.parquet_set import published_generation, write_set
from include.pipeline.marts.snapshot import snapshot_of, write_snapshot
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.exported import exported
from include.warehouse.schema import mart_tables
from include.warehouse.tables import Table


def publish(warehouse: Warehouse) -> None:
    """Replace what is older than the marts; raises RegistryError REG-806 when the Parquet files cannot be written."""
    generation = warehouse.generation("refresh")
    if generation is None:
        return
    file, is_noted = _file_of(warehouse), warehouse.generation("publish") == generation
    snapshot = snapshot_of(file) if file else None
    out = parquet_folder(warehouse)
    if snapshot and not (is_noted and snapshot.exists()):
        with _one_thread(warehouse):
            write_snapshot(warehouse, snapshot)
    if out and not (is_noted and published_generation(out) == generation):
        tables = [table for table in mart_tables() if table.grain != "patient"]
        with _in_duckdb(warehouse, tables) as session, _one_thread(session):
            write_set(session, tables, out, generation)
    if not is_noted:
        with warehouse.transaction():
            warehouse.set_generation("publish", generation)


def parquet_folder(warehouse: Warehouse) -> Path | None:
    """MARTS, else `<warehouse>.marts` beside the DuckDB file, else nowhere."""
    if chosen := os.environ.get("MARTS"):
        return Path(chosen).absolute()
    file = _file_of(warehouse)
    return Path(file).with_suffix(".marts") if file else None


def _file_of(warehouse: Warehouse) -> str | None:
    """The warehouse's DuckDB file; None in memory and on PostgreSQL."""
    database = warehouse.engine.url.database
    return database if warehouse.is_duckdb and database not in (None, "", ":memory:") else None


@contextmanager
def _in_duckdb(warehouse: Warehouse, tables: list[Table]) -> Iterator[Warehouse]:
    """A DuckDB session that has the tables: the warehouse's own, or one in memory with those of PostgreSQL."""
    if warehouse.is_duckdb:
        yield warehouse
        return
    with scratch() as folder, open_warehouse("duckdb:///:memory:") as session:
        session.run_verbatim("CREATE SCHEMA marts")
        for table in tables:
            session.run_verbatim(f"CREATE TABLE {table.name} AS SELECT * FROM {exported(warehouse, table, folder)}")
        yield session


@contextmanager
def _one_thread(session: Warehouse) -> Iterator[None]:
    """Small tables take half the time on one thread, and their rows keep their order; an error ends the session."""
    before = session.scalar("SELECT current_setting('threads')")
    session.connection.commit()
    session.run_verbatim("SET threads = 1")
    yield
    session.run_verbatim(f"SET threads = {before}")
