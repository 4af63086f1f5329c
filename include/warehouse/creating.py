"""Creates schemas, tables, indexes and views; derived tables and marts keep their rows unless their columns changed."""

from collections.abc import Iterable

from include.definitions import contracts
from include.warehouse import catalogue, migration, reference
from include.warehouse.access import SCHEMAS, grant
from include.warehouse.connection import Warehouse
from include.warehouse.noted import note
from include.warehouse.schema import (
    clinical_table,
    derived_tables,
    mart_tables,
    ops_tables,
    received_table,
    view_tables,
)
from include.warehouse.tables import Table, begin, columns_there, create, describe, drop
from include.warehouse.versions import STEP, newest
from include.warehouse.views import create_views

LOOKED_UP = {"patient_id", "person_id", "load_id", "record_key"}
"""Columns by which rows of any table are looked up."""
REFERRING = {"received.lesions": {"exam_id"}, "received.adverse_events": {"procedure_id"}}
"""Columns that name a row of another feed."""


def create_all(warehouse: Warehouse) -> None:
    """Schemas, tables, views and reference tables; the catalogue's tables stay as they are."""
    warehouse.run_verbatim("DROP SCHEMA IF EXISTS scope CASCADE")
    for schema in SCHEMAS:
        warehouse.run_verbatim(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    is_old = migration.set_aside(warehouse)
    received = [received_table(feed) for feed in contracts.FEEDS]
    kept = [*ops_tables(), *catalogue.catalogue_tables(), *received]
    made = [*kept, *derived_tables(), *mart_tables()]
    there = columns_there(warehouse)
    _drop_outdated(warehouse, there, {table.name for table in [*made, *view_tables()]})
    for table in made:
        columns = there.get(table.name, [])
        if columns and table not in kept and columns != [column.name for column in table.columns]:
            drop(warehouse, table.name)
            columns = []
        create(warehouse, table, columns)
        describe(warehouse, table)
        begin(warehouse, table, columns)
    if is_old:
        migration.carry_over(warehouse)
    _index(warehouse, [*ops_tables(), *received, *derived_tables()])
    versions = [clinical_table(feed) for feed in contracts.FEEDS]
    reference.load(warehouse, [*made, *versions, *view_tables()])
    create_views(warehouse, versions)
    grant(warehouse)
    warehouse.run_file("ops/touch_everyone")
    resolve_everything(warehouse)
    note(warehouse, STEP, str(newest()["version"]))


def _drop_outdated(warehouse: Warehouse, there: Iterable[str], known: set[str]) -> None:
    """Drop what an earlier version derived and this one does not."""
    for name in there:
        if name.startswith(("resolved.", "derived.", "marts.")) and name not in known:
            drop(warehouse, name)


def resolve_everything(warehouse: Warehouse) -> None:
    """Queue every row to be resolved again: what follows from the facts may be another now."""
    warehouse.run_file("ops/resolve_everything")


def _index(warehouse: Warehouse, tables: list[Table]) -> None:
    """Indexes for PostgreSQL; DuckDB scans columns faster than it maintains them."""
    if warehouse.is_duckdb:
        return
    for table in tables:
        name = table.name.replace(".", "_")
        looked_up = {*table.key[:1], *LOOKED_UP} | REFERRING.get(table.name, set())
        for column in looked_up & {column.name for column in table.columns}:
            warehouse.run_verbatim(f'CREATE INDEX IF NOT EXISTS {name}_{column} ON {table.name} ("{column}")')
    for contract in filter(lambda contract: contract.event_date, map(contracts.read, contracts.FEEDS)):
        _index_events(warehouse, contract)


def _index_events(warehouse: Warehouse, contract: contracts.Contract) -> None:
    """An index of a feed's days that costs next to nothing: rows of a month lie together, as they came."""
    warehouse.run_verbatim(
        f"CREATE INDEX IF NOT EXISTS received_{contract.feed}_events "
        f'ON received.{contract.feed} USING BRIN ("{contract.event_date}")'
    )
