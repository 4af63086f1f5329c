"""Creates the views: of each feed, of what others read, and of the patients in scope."""

import re
from dataclasses import replace
from typing import Any

from include.definitions import contracts, expectations
from include.definitions.contracts.feed_sql import unless_aside
from include.warehouse.connection import Warehouse
from include.warehouse.lineage import of_feeds
from include.warehouse.schema import PROVENANCE, derived_tables, view_tables
from include.warehouse.sql import render
from include.warehouse.tables import Column, Table, columns_there, describe, drop, manifest, read_table, with_columns

SCOPED = ("measurement", "liver_exam", "time_point")
"""Views of schema clinical that schema scope has as well."""


def create_views(warehouse: Warehouse, versions: list[Table]) -> None:
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
