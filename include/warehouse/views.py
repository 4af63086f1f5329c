"""Creates the views: of each feed, of what others read, and of the patients in scope."""

import re
from dataclasses import dataclass, replace

from include.basics.templates import Names
from include.definitions import contracts, expectations
from include.definitions.contracts.feed_sql import FeedSql, feed_sql, unless_aside
from include.warehouse.connection import Warehouse
from include.warehouse.lineage import in_scope
from include.warehouse.schema import PROVENANCE, derived_tables, view_tables
from include.warehouse.sql import macro, render, select_text
from include.warehouse.tables import Column, Table, columns_there, describe, drop, manifest, read_table, with_columns

SCOPED = ("measurement", "liver_exam", "time_point")
"""Views of schema clinical that schema scope has as well."""
IN_SCOPE = "patient_id IN (SELECT patient_id FROM ops.scope)"


@dataclass(frozen=True)
class Versions(Names, files="views/version_feed"):
    """The view of a feed's versions; `columns` are SELECTed."""

    f: FeedSql
    columns: str


@dataclass(frozen=True)
class Current(Names, files="views/current_feed"):
    """The view of a feed's rows that count, of everybody or of the patients in scope; `columns` are SELECTed."""

    f: FeedSql
    columns: str
    in_scope: bool


def create_views(warehouse: Warehouse, versions: list[Table]) -> None:
    for made in (read_table("reference", name) for name in manifest("reference", "made")):
        drop(warehouse, made.name)
        warehouse.run_verbatim(f"CREATE TABLE {made.name} AS {select_text(made.name.replace('.', '/'))}")
        describe(warehouse, with_columns(made, *map(_named, columns_there(warehouse)[made.name])))
    for table in versions:
        _create_feed_views(warehouse, table)
    for view in view_tables():
        _create_view(warehouse, view.name, select_text(view.name.replace(".", "/")))
        describe(warehouse, view, "VIEW")
    for name in SCOPED:
        warehouse.run_verbatim(f"CREATE VIEW scope.{name} AS {in_scope(select_text(f'clinical/{name}'))}")
        describe(warehouse, _in_scope(read_table("clinical", name)), "VIEW")
    for table in derived_tables():
        if table.grain == "patient":
            scoped = _in_scope(table)
            warehouse.run_verbatim(f"CREATE VIEW {scoped.name} AS SELECT * FROM {table.name} WHERE {IN_SCOPE}")
            describe(warehouse, scoped, "VIEW")


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
    f = feed_sql(feed, is_duckdb=warehouse.is_duckdb)
    _create_view(warehouse, versions.name, render("views/version_feed", Versions(f, _listed(columns))))
    describe(warehouse, versions, "VIEW")
    for name, patient in _current_views(f).items():
        scoped = name.startswith("scope.")
        of = Current(f, _listed(columns | patient), scoped)
        _create_view(warehouse, name, render("views/current_feed", of))
        describe(warehouse, _counting(name, versions, scoped), "VIEW")


def _counting(name: str, versions: Table, in_scope: bool) -> Table:
    """What is said of a view of the rows that count."""
    more = (*PROVENANCE[:2], Column("record_key", "text", "the row's key")) if in_scope else ()
    columns = (*versions.columns[: -len(PROVENANCE)], *more)
    return Table(name, f"{versions.description} Only rows that count, each as its person's.", columns)


def _current_views(f: FeedSql) -> dict[str, dict[str, str]]:
    """The views of the rows that count, with whose a row is; rows that are no patient's are in no scope."""
    if not f.of_patients:
        return {f"clinical.current_{f.name}": {}}
    return {
        f"clinical.current_{f.name}": {"patient_id": "p.person_id AS patient_id"},
        f"scope.{f.name}": {"patient_id": "COALESCE(p.person_id, r.patient_id) AS patient_id"},
    }


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(columns.values())


def _cell(feed: str, column: str) -> str:
    """A column of a feed's views: null where its cell, or the one that it stands beside, is set aside.

    The missing month and day of a partial date are imputed.
    """
    contract = contracts.read(feed)
    beside = {name: field.name for field in contract.fields for name, _, _ in field.beside}
    cell = beside.get(column, column)
    value = macro("views/imputed", "imputed")(column) if column in contract.partial else f'r."{column}"'
    if cell in expectations.cells(feed):
        value = unless_aside(value, cell, "x.cells_aside")
    return f'{value} AS "{column}"'


def _create_view(warehouse: Warehouse, name: str, select: str) -> None:
    drop(warehouse, name)
    warehouse.run_verbatim(f"CREATE VIEW {name} AS {select}")
