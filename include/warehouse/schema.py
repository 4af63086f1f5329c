"""Creates and keeps in step everything the warehouse is made of: schemas, tables, views, reference tables.

`prepare` does nothing when the warehouse already fits the files of this version. When they changed, every patient is
queued to be derived again, and who has revised rows to be judged again; derived tables and marts keep their rows until
then, unless their columns changed.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from include import contracts, expectations
from include.warehouse import catalogue, reference
from include.warehouse.connection import Warehouse
from include.warehouse.sql import FOLDER, render
from include.warehouse.tables import (
    Column,
    Table,
    columns_of,
    columns_there,
    create,
    describe,
    drop,
    manifest,
    read_table,
    with_columns,
)

SCHEMAS = ("ops", "quarantine", "reference", "clinical", "scope", "derived", "marts")
VIEW_SCHEMAS = ("reference", "clinical", "ops")
DEFINITIONS = (FOLDER, contracts.FOLDER, reference.FOLDER)
REFERRING = {"clinical.lesions": {"exam_id"}, "clinical.adverse_events": {"procedure_id"}}
"""Columns that name a row of another feed."""

PROVENANCE = (
    Column("load_id", "text", "load that brought this version first"),
    Column("row_number", "integer", "row of that load's file"),
    Column("last_load_id", "text", "load that sent it last in the order of extracts"),
    Column("last_row_number", "integer", "row of that load's file"),
    Column("batch_date", "date", "day of the extract that sent it last"),
    Column(
        "first_batch_date",
        "date",
        "day of the earliest extract that sent it",
        begins="(SELECT l.batch_date FROM ops.load AS l WHERE l.load_id = this.load_id)",
    ),
    Column(
        "earliest_load_id",
        "text",
        "load that sent it first in the order of extracts; null = last_load_id",
        begins="CASE WHEN this.load_id <> this.last_load_id THEN this.load_id END",
    ),
    Column(
        "earliest_row_number",
        "integer",
        "row of that load's file; null = last_row_number",
        begins="CASE WHEN this.load_id <> this.last_load_id THEN this.row_number END",
    ),
    Column("arrival", "text", "loaded (brought a new key) or updated (another version of a known key)"),
    Column(
        "version_state", "text", "current, past, waiting (unknown patient), quarantined (by birth or death, or moved)"
    ),
)
DERIVED_STAMPS = (
    Column("rule_version", "text", "rule set and version that derived the row"),
    Column("derived_at", "timestamp", "when the row was derived, UTC"),
)
MART_STAMPS = (
    Column("data_cutoff_date", "date", "latest batch date loaded"),
    Column("files_missing", "integer", "files that could not be copied: ops.not_pulled; their data are in no mart"),
    Column("refreshed_at", "timestamp", "when the mart was refreshed, UTC"),
)


def prepare(warehouse: Warehouse) -> None:
    """Bring the warehouse in step with the files of this version, each part in one transaction."""
    _in_step(warehouse, "prepare", lambda: _fingerprint(*DEFINITIONS), create_all)
    _in_step(warehouse, "catalogue", lambda: _judged_by(warehouse), catalogue.fill)


def _judged_by(warehouse: Warehouse) -> str:
    return f"{_fingerprint(expectations.FOLDER)} {catalogue.thresholds_begun(warehouse)}"


def _in_step(
    warehouse: Warehouse, step: str, fingerprint: Callable[[], str], make: Callable[[Warehouse], None]
) -> None:
    """Make what some files describe, unless it was made with the same fingerprint; making it may change that."""
    if _made_from(warehouse, step) == fingerprint():
        return
    with warehouse.transaction():
        make(warehouse)
        generation = (warehouse.generation(step) or 0) + 1
        warehouse.run("DELETE FROM ops.step WHERE step = :step", step=step)
        warehouse.run_file("ops/enter_step", step=step, generation=generation, fingerprint=fingerprint())


def ops_tables() -> list[Table]:
    """Ledger, validation results, queues and quarantine."""
    return [read_table(schema, name) for schema in ("ops", "quarantine") for name in manifest(schema)]


def clinical_table(feed: str) -> Table:
    """The table that holds every version of a feed's rows."""
    contract = contracts.read(feed)
    described = {
        field.name: {"type": contracts.WAREHOUSE_TYPES[field.type], "description": field.description}
        for field in contract.fields
    }
    columns = list(columns_of(described, feed))
    columns += [Column(*beside) for field in contract.fields for beside in field.beside]
    return Table(f"clinical.{feed}", contract.description, (*columns, *PROVENANCE), (contract.key,))


def derived_tables() -> list[Table]:
    """The derived tables in the order in which they are built."""
    return [with_columns(read_table("derived", name), *DERIVED_STAMPS) for name in manifest("derived")]


def view_tables() -> list[Table]:
    """The views that others read, in the order in which they are built."""
    derived = [with_columns(read_table("derived", name), *DERIVED_STAMPS) for name in manifest("derived", "views")]
    others = [read_table(schema, name) for schema in VIEW_SCHEMAS for name in manifest(schema, "views")]
    return [*others, *derived]


def mart_tables() -> list[Table]:
    """The marts in the order in which they are built."""
    return [with_columns(read_table("marts", name), *MART_STAMPS) for name in manifest("marts")]


def create_all(warehouse: Warehouse) -> None:
    """Schemas, tables, views and reference tables; the catalogue's tables stay as they are."""
    warehouse.run_verbatim("DROP SCHEMA IF EXISTS scope CASCADE")
    for schema in SCHEMAS:
        warehouse.run_verbatim(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    clinical = [clinical_table(feed) for feed in contracts.FEEDS]
    kept = [*ops_tables(), *catalogue.catalogue_tables(), read_table("clinical", "lifespan"), *clinical]
    made = [*kept, *derived_tables(), *mart_tables()]
    there = columns_there(warehouse)
    for table in made:
        columns = there.get(table.name, [])
        if columns and table not in kept and columns != [column.name for column in table.columns]:
            drop(warehouse, table.name)
            columns = []
        create(warehouse, table, columns)
        describe(warehouse, table)
    _index(warehouse, [*ops_tables(), *clinical, *derived_tables()])
    reference.load(warehouse, [*made, *view_tables()])
    _create_views(warehouse, clinical)
    for statement in ("touch_everyone", "unsettle_revised"):
        warehouse.run_file(f"ops/{statement}")


def _create_views(warehouse: Warehouse, clinical: list[Table]) -> None:
    for table in clinical:
        feed = table.name.split(".")[1]
        contract_columns = ", ".join(f'"{c.name}"' for c in table.columns[: -len(PROVENANCE)])
        names = {"feed": feed, "columns": contract_columns}
        drop(warehouse, f"clinical.current_{feed}")
        warehouse.run_file("views/current_feed", names)
        warehouse.run_file("views/scope_feed", names)
    for view in view_tables():
        drop(warehouse, view.name)
        select = render(view.name.replace(".", "/"), {"results": "clinical.current_results"})
        warehouse.run_verbatim(f"CREATE VIEW {view.name} AS {select}")
        describe(warehouse, view, "VIEW")
    scoped = render("clinical/measurement", {"results": "scope.results"})
    warehouse.run_verbatim(f"CREATE VIEW scope.measurement AS {scoped}")
    for table in derived_tables():
        if table.grain == "patient":
            schema, name = table.name.split(".")
            warehouse.run_file("views/scope_table", {"schema": schema, "table": name})


def _index(warehouse: Warehouse, tables: list[Table]) -> None:
    """Indexes for PostgreSQL; DuckDB scans columns faster than it maintains them."""
    if warehouse.is_duckdb:
        return
    for table in tables:
        name = table.name.replace(".", "_")
        looked_up = {*table.key[:1], "patient_id"} | REFERRING.get(table.name, set())
        for column in looked_up & {column.name for column in table.columns}:
            warehouse.run_verbatim(f'CREATE INDEX IF NOT EXISTS {name}_{column} ON {table.name} ("{column}")')
    for name in ("quarantine.record", "ops.load"):
        warehouse.run_file("auditing/index_changed", {"table": name, "name": name.replace(".", "_")})


def _made_from(warehouse: Warehouse, step: str) -> str | None:
    known = warehouse.scalar(
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'ops' AND table_name = 'step'"
    )
    if not known:
        return None
    fingerprint: str | None = warehouse.scalar("SELECT fingerprint FROM ops.step WHERE step = :step", step=step)
    return fingerprint


def _fingerprint(*folders: Path) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(_definition_files(folder)):
            digest.update(f"{file.relative_to(folder.parent)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _definition_files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.suffix in {".sql", ".yml", ".csv"}]
