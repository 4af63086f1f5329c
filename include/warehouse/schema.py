"""Creates and keeps in step everything the warehouse is made of: schemas, tables, views, reference tables.

`prepare` does nothing when the warehouse already fits the files of this version. When they changed, every patient is
queued to be derived again, and who has revised rows to be judged again; derived tables and marts keep their rows until
then, unless their columns changed.
"""

import hashlib
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from include.definitions import contracts, expectations
from include.definitions.contracts.feed_sql import unless_aside
from include.warehouse import catalogue, migration, reference
from include.warehouse.access import SCHEMAS, grant
from include.warehouse.clock import utc_now
from include.warehouse.connection import Warehouse
from include.warehouse.lineage import of_feeds
from include.warehouse.locks import between_readers
from include.warehouse.sql import FOLDER, render
from include.warehouse.tables import (
    Column,
    Table,
    begin,
    columns_of,
    columns_there,
    create,
    describe,
    drop,
    manifest,
    read_table,
    with_columns,
)
from include.warehouse.versions import STEP, newest, refuse_newer

TABLE_SCHEMAS = ("received", "decision", "resolved", "clinical", "ops")
VIEW_SCHEMAS = ("reference", "received", "decision", "quarantine", "clinical", "ops")
DEFINITIONS = (FOLDER, contracts.FOLDER, reference.FOLDER)
DEFINING = (".sql", ".yml", ".csv")
CODE = Path(__file__).resolve().parent
READS_ONLY = re.compile(r"(?:\s|--.*\n)*(?:SELECT|WITH|COMMENT|SET LOCAL)\b")
STEPS = ("prepare", "catalogue", "resolve")
LOOKED_UP = {"patient_id", "person_id", "load_id", "record_key"}
"""Columns by which rows of any table are looked up."""
REFERRING = {"received.lesions": {"exam_id"}, "received.adverse_events": {"procedure_id"}}
"""Columns that name a row of another feed."""

STORED = (
    Column("load_id", "text", "load whose file has the row"),
    Column("row_number", "integer", "row of that load's file"),
    Column("reading", "integer", "reading of the file that read it"),
    Column("content", "text", "MD5 of what the row says, where the columns cannot hold it; null = they can"),
    Column("payload", "text", "JSON: the row as it came, where a critical rule fails it"),
)
"""What a row of `received.<feed>` has beside the contract's columns."""
PROVENANCE = (
    Column("load_id", "text", "load that sent this version first"),
    Column("row_number", "integer", "row of that load's file"),
    Column("last_load_id", "text", "load of the last row that repeats it"),
    Column("last_row_number", "integer", "row of that load's file"),
    Column("site", "text", "site that sent it; '' = the extracts have no folder of a site"),
    Column("batch_date", "date", "day of the extract that sent it last"),
    Column("first_batch_date", "date", "day of the extract that sent it first"),
    Column("arrival", "text", "loaded (brought a new key) or updated (another version of a known key)"),
    Column(
        "version_state", "text", "current, past, waiting (unknown patient), quarantined (by birth or death, or moved)"
    ),
)
SCOPED = ("measurement", "liver_exam", "time_point")
"""Views of schema clinical that schema scope has as well."""
DERIVED_STAMPS = (
    Column("rule_version", "text", "rule set and version that derived the row"),
    Column("derived_at", "timestamp", "when the row was derived, UTC"),
)
MART_STAMPS = (
    Column("data_cutoff_date", "date", "latest batch date loaded"),
    Column("files_missing", "integer", "files that could not be copied: ops.not_pulled; their data are in no mart"),
    Column(
        "small_cell",
        "integer",
        "counts up to this are withheld: null; larger ones are told as the multiple of it at or below them, and "
        "percentages and estimates are of such counts; minimum and maximum are withheld; 0 = everything is told",
    ),
    Column("refreshed_at", "timestamp", "when the mart was refreshed, UTC"),
)


def prepare(warehouse: Warehouse) -> None:
    """Bring the warehouse in step with the files of this version, each part in one transaction.

    While no file is another, none is read but for its bytes.
    """
    if _is_prepared(warehouse):
        return
    made = _made_from(warehouse)
    _in_step(warehouse, "prepare", made, _made_of, create_all)
    _in_step(warehouse, "catalogue", made, lambda: _judged_by(warehouse), catalogue.fill)
    _in_step(warehouse, "resolve", made, catalogue.settled_rules, resolve_everything)
    with warehouse.transaction():
        note(warehouse, "files", _files(_made_from(warehouse)))


def prepare_in_turn(warehouse: Warehouse) -> None:
    """The same for a session that has no turn: it waits for one where there is something to do."""
    if _is_prepared(warehouse):
        warehouse.connection.commit()
        return
    with warehouse.turn():
        prepare(warehouse)


def _is_prepared(warehouse: Warehouse) -> bool:
    made = _made_from(warehouse)
    refuse_newer(made)
    if made.get("files") != _files(made):
        return False
    return made["catalogue"].endswith(f" {catalogue.thresholds_begun(warehouse)}")


def planned(warehouse: Warehouse) -> list[str]:
    """The statements with which `prepare` would bring the warehouse's tables and views in step: run, and taken back.

    Rows of reference tables, comments and what is only read are left out.
    """
    made = _made_from(warehouse)
    refuse_newer(made)
    if made.get("prepare") == _made_of():
        return []
    statements: list[str] = []

    def try_out() -> None:
        statements.clear()
        create_all(warehouse)
        warehouse.connection.rollback()

    def listen(*told: Any) -> None:
        statements.append(told[2])

    sa.event.listen(warehouse.engine, "before_cursor_execute", listen)
    try:
        between_readers(warehouse, try_out, SCHEMAS)
    finally:
        sa.event.remove(warehouse.engine, "before_cursor_execute", listen)
    return [statement for statement in statements if not READS_ONLY.match(statement)]


def _made_of() -> str:
    """What tables and views are made of: the definitions, and which cells can be set aside."""
    return f"{fingerprint_of(*DEFINITIONS)} {[expectations.cells(feed) for feed in contracts.FEEDS]}"


def _judged_by(warehouse: Warehouse) -> str:
    return f"{fingerprint_of(contracts.FOLDER, expectations.FOLDER)} {catalogue.thresholds_begun(warehouse)}"


def _in_step(
    warehouse: Warehouse,
    step: str,
    made: Mapping[str, str],
    fingerprint: Callable[[], str],
    make: Callable[[Warehouse], None],
) -> None:
    """Make what some files describe, unless it was made with the same fingerprint; making it may change that."""
    if made.get(step) == fingerprint():
        return

    def make_and_note() -> None:
        make(warehouse)
        note(warehouse, step, fingerprint())

    between_readers(warehouse, make_and_note, SCHEMAS)


def note(warehouse: Warehouse, step: str, fingerprint: str) -> None:
    """Note that a step made something of what has this fingerprint."""
    generation = (warehouse.generation(step) or 0) + 1
    warehouse.run("DELETE FROM ops.step WHERE step = :step", step=step)
    now = utc_now()
    warehouse.run_file("ops/enter_step", step=step, generation=generation, fingerprint=fingerprint, changed_at=now)


def _files(made: Mapping[str, str]) -> str:
    """All files that the fingerprints follow from, and the fingerprints."""
    files = fingerprint_of(*DEFINITIONS, expectations.FOLDER, CODE, suffixes=(*DEFINING, ".py"))
    return f"{files} {[made.get(step) for step in STEPS]}"


def ops_tables() -> list[Table]:
    """Facts that are alike for all feeds, what is resolved of them, and what steps note."""
    return [read_table(schema, name) for schema in TABLE_SCHEMAS for name in manifest(schema)]


def received_table(feed: str) -> Table:
    """The table of the facts of a feed: every row that was received."""
    contract = contracts.read(feed)
    return Table(f"received.{feed}", f"Fact: {contract.description}", (*_columns(feed), *STORED), (contract.key,))


def clinical_table(feed: str) -> Table:
    """The view of every version of a feed's rows."""
    contract = contracts.read(feed)
    return Table(f"clinical.{feed}", contract.description, (*_columns(feed), *PROVENANCE), (contract.key,))


def _columns(feed: str) -> tuple[Column, ...]:
    contract = contracts.read(feed)
    described = {
        field.name: {"type": contracts.WAREHOUSE_TYPES[field.type], "description": field.description}
        for field in contract.fields
    }
    beside = [Column(*beside) for field in contract.fields for beside in field.beside]
    return (*columns_of(described, feed), *beside)


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
    _create_views(warehouse, versions)
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
    warehouse.run_file("ops/resolve_everything", {"feeds": contracts.FEEDS})


def _create_views(warehouse: Warehouse, versions: list[Table]) -> None:
    for made in (read_table("reference", name) for name in manifest("reference", "made")):
        drop(warehouse, made.name)
        warehouse.run_verbatim(f"CREATE TABLE {made.name} AS {render(made.name.replace('.', '/'), {})}")
        describe(warehouse, with_columns(made, *map(_named, columns_there(warehouse)[made.name])))
    for table in versions:
        _create_feed_views(warehouse, table)
    for view in view_tables():
        select = render(view.name.replace(".", "/"), of_feeds("clinical.current_"))
        _create_view(warehouse, view.name, select)
        describe(warehouse, view, "VIEW")
    for name in SCOPED:
        scoped = render(f"clinical/{name}", of_feeds("scope."))
        warehouse.run_verbatim(f"CREATE VIEW scope.{name} AS {scoped}")
        describe(warehouse, _in_scope(read_table("clinical", name)), "VIEW")
    for table in derived_tables():
        if table.grain == "patient":
            schema, name = table.name.split(".")
            warehouse.run_file("views/scope_table", {"schema": schema, "table": name})
            describe(warehouse, _in_scope(table), "VIEW")


def _in_scope(table: Table) -> Table:
    return replace(table, name=f"scope.{table.name.split('.')[1]}")


def _named(column: str) -> Column:
    """A column of a table that a SELECT makes, described by its name: <what>_<place of the edition>_<grade>."""
    what, numbers = re.fullmatch(r"(.*?)((?:_\d+)*)", column).groups()  # type: ignore[union-attr]
    places = zip(("edition", "grade"), numbers.split("_")[1:], strict=False)
    return Column(column, "text", ", ".join([what.replace("_", " "), *map(" ".join, places)]))


def _create_feed_views(warehouse: Warehouse, versions: Table) -> None:
    """The versions of a feed, the rows that count, and those of them that are derived now."""
    feed = versions.name.split(".")[1]
    columns = {column.name: _cell(feed, column.name) for column in versions.columns[: -len(PROVENANCE)]}
    _create_view(warehouse, versions.name, render("views/version_feed", {"feed": feed, "columns": _listed(columns)}))
    describe(warehouse, versions, "VIEW")
    for name, given in _current_views(contracts.read(feed)).items():
        names = {"feed": feed, "columns": _listed(columns | given["of_person"]), **given}
        names |= {"is_duckdb": warehouse.is_duckdb}
        _create_view(warehouse, name, render("views/current_feed", names))
        describe(warehouse, _counting(name, versions, given["in_scope"]), "VIEW")


def _counting(name: str, versions: Table, in_scope: bool) -> Table:
    """What is said of a view of the rows that count."""
    more = (*PROVENANCE[:2], Column("record_key", "text", "the row's key")) if in_scope else ()
    columns = (*versions.columns[: -len(PROVENANCE)], *more)
    return Table(name, f"{versions.description} Only rows that count, each as its person's.", columns)


def _current_views(contract: contracts.Contract) -> dict[str, dict[str, Any]]:
    """What is different in the views of the rows that count; rows that are no patient's are in no scope."""
    names = {"of_patients": contract.of_patients, "announces": contract.key == "patient_id", "key": contract.key}
    person = {"patient_id": "p.person_id AS patient_id"} if contract.of_patients else {}
    made = {f"clinical.current_{contract.feed}": {**names, "in_scope": False, "of_person": person}}
    if contract.of_patients:
        person = {"patient_id": "COALESCE(p.person_id, r.patient_id) AS patient_id"}
        made[f"scope.{contract.feed}"] = {**names, "in_scope": True, "of_person": person}
    return made


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(columns.values())


def _cell(feed: str, column: str) -> str:
    """A column of a feed's views: null where its cell, or the one that it stands beside, is set aside.

    The missing month and day of a partial date are imputed.
    """
    contract = contracts.read(feed)
    beside = {name: field.name for field in contract.fields for name, _, _ in field.beside}
    cell = beside.get(column, column)
    value = render("views/imputed", {"name": column}) if column in contract.partial else f'r."{column}"'
    if cell in expectations.cells(feed):
        value = unless_aside(value, cell, "x.cells_aside")
    return f'{value} AS "{column}"'


def _create_view(warehouse: Warehouse, name: str, select: str) -> None:
    drop(warehouse, name)
    warehouse.run_verbatim(f"CREATE VIEW {name} AS {select}")


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


def _made_from(warehouse: Warehouse) -> dict[str, str]:
    """The fingerprints of what steps made last."""
    known = warehouse.scalar(
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'ops' AND table_name = 'step'"
    )
    if not known:
        return {}
    return dict(warehouse.run("SELECT step, fingerprint FROM ops.step").tuples().all())


def fingerprint_of(*folders: Path, suffixes: Container[str] = DEFINING) -> str:
    """A hash of the definitions in some folders: SQL, YAML and CSV files, or those of other suffixes."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(file for file in folder.rglob("*") if file.suffix in suffixes):
            digest.update(f"{file.relative_to(folder.parent)}\n".encode() + file.read_bytes())
    return digest.hexdigest()
