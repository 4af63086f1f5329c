"""Tables as plain values, without what may differ from run to run: clocks, load ids, random keys."""

from typing import Any

from include.definitions import contracts
from include.warehouse import Warehouse
from include.warehouse.schema import clinical_table, derived_tables, mart_tables
from include.warehouse.sql import select_text
from include.warehouse.tables import Table, manifest, read_table

Rows = list[tuple[Any, ...]]
OF_THE_RUN = {
    "load_id",
    "row_number",
    "last_load_id",
    "last_row_number",
    "arrival",
    "derived_at",
    "refreshed_at",
    "patient_key",
}
SIGNIFICANT = 9
"""Digits to which floats are compared: sums depend on the order of their terms."""


def contents(warehouse: Warehouse) -> dict[str, Rows]:
    """Every table of the record, derived from it or made of that: name to sorted rows."""
    tables = [clinical_table(feed) for feed in contracts.FEEDS]
    tables += [*(read_table("clinical", name) for name in manifest("clinical")), *derived_tables()]
    tables += [table for table in mart_tables() if not speaks_of_loads(table)]
    return {table.name: rows_of(warehouse, table) for table in tables}


def speaks_of_loads(table: Table) -> bool:
    """Whether a mart counts files and loads, which differ with the way the rows came."""
    return "ops." in select_text(table.name.replace(".", "/"))


def rows_of(warehouse: Warehouse, table: Table) -> Rows:
    """A table's rows without the columns of the run, sorted."""
    names = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in OF_THE_RUN)
    found = warehouse.run_verbatim(f"SELECT {names} FROM {table.name}")
    return sorted((tuple(map(_plain, row)) for row in found), key=repr)


def assert_same(got: dict[str, Rows], expected: dict[str, Rows]) -> None:
    """Fail with the first table that differs and the rows that only one side has."""
    assert got.keys() == expected.keys()
    for name, rows in expected.items():
        if got[name] != rows:
            too_many = [row for row in got[name] if row not in rows]
            lacking = [row for row in rows if row not in got[name]]
            raise AssertionError(f"{name}: unexpected {too_many[:5]}, lacking {lacking[:5]}")


def _plain(value: Any) -> Any:
    return float(f"{value:.{SIGNIFICANT}g}") if isinstance(value, float) else value
