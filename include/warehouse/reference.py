"""Reference tables: the CSV files of `include/reference/`, typed by `tables.yml` beside them.

A table of several files, which all have its columns, is a folder of its name.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from include.definitions.described import read_yaml
from include.warehouse.connection import Warehouse
from include.warehouse.frames import append
from include.warehouse.tables import Column, Table, columns_of, create, describe

Rows = list[dict[str, Any]]
FOLDER = Path(__file__).resolve().parent.parent / "reference"
CONVERT: dict[str, Any] = {
    "text": str,
    "double": float,
    "integer": int,
    "boolean": lambda text: text == "true",
    "date": str,
}
DICTIONARY = Table(
    "reference.data_dictionary",
    "What each table and column means.",
    (
        Column("table_schema", "text", "schema"),
        Column("table_name", "text", "table"),
        Column("column_name", "text", "column; empty = the table itself"),
        Column("data_type", "text", "type"),
        Column("description", "text", "meaning"),
        Column("is_key", "boolean", "part of the table's key"),
    ),
)


def load(warehouse: Warehouse, described: list[Table]) -> None:
    """Replace every reference table; `described` are the tables that the data dictionary explains.

    Raises RegistryError REG-401 with what is wrong with their files.
    """
    from include.definitions.checking.reading import files_of

    _refuse_wrong()
    tables = reference_tables()
    for table in tables:
        files = files_of(FOLDER, table.name.removeprefix("reference."))
        _replace(warehouse, table, [row for file in files for row in read_csv(file, table)])
    _replace(warehouse, DICTIONARY, _dictionary([*described, *tables, DICTIONARY]))


def _refuse_wrong() -> None:
    from include.definitions.checking.problem import Folders, refuse_problems
    from include.definitions.checking.references import check_references

    refuse_problems(check_references(Folders(reference=FOLDER))[1])


def reference_tables() -> list[Table]:
    """The tables that `tables.yml` describes."""
    described = read_yaml(FOLDER / "tables.yml")["tables"]
    return [
        Table(f"reference.{name}", table["description"], columns_of(table["columns"], name), tuple(table["key"]))
        for name, table in described.items()
    ]


def _replace(warehouse: Warehouse, table: Table, rows: Rows) -> None:
    warehouse.run_verbatim(f"DROP TABLE IF EXISTS {table.name} CASCADE")
    create(warehouse, table)
    describe(warehouse, table)
    append(warehouse, table.name, rows)
    warehouse.analyze(table.name)


def read_csv(file: Path, table: Table) -> Rows:
    """The rows of a CSV file with the table's columns, each as the column's type; an empty cell is missing."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            {c.name: CONVERT[c.type](row[c.name]) if row[c.name] else None for c in table.columns}
            for row in csv.DictReader(lines)
        ]


def rows_of(table: Table, rows: Iterable[tuple[Any, ...]]) -> Rows:
    """Tuples as rows of the table."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _dictionary(tables: list[Table]) -> Rows:
    rows: list[tuple[Any, ...]] = []
    for table in tables:
        schema, name = table.name.split(".")
        rows.append((schema, name, "", "", table.description, False))
        rows += [(schema, name, c.name, c.type, c.description, c.name in table.key) for c in table.columns]
    return rows_of(DICTIONARY, rows)
