"""Checks the reference tables: the columns that tables.yml describes, readable values, unique keys, a source."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from include.checking.problem import Folders, Problem, name_of
from include.checking.reading import day_of, fit, number_of, parse, read_rows
from include.checking.suites import Strict
from include.checking.units import check_units

SOURCES = ("source", "citation")
READ: dict[str, Any] = {
    "text": str,
    "double": number_of,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": day_of,
}


class ReferenceColumn(Strict):
    """A column of a reference table."""

    type: Literal["text", "double", "integer", "boolean", "date"]
    description: str


class ReferenceTable(Strict):
    """A reference table; `source` says where all its rows come from when they have no column for it."""

    description: str
    key: list[str]
    source: str | None = None
    columns: dict[str, ReferenceColumn]


class TablesFile(Strict):
    """The description of the tables; they are looked at one by one."""

    tables: dict[str, Any]


def check_references(folders: Folders) -> tuple[int, list[Problem]]:
    """How many tables there are, and what is wrong with any."""
    described = folders.reference / "tables.yml"
    content, problems = parse(described)
    listed, misfits = (None, []) if problems else fit(TablesFile, content, described)
    problems += misfits
    tables = listed.tables if listed else {}
    for name, description in tables.items():
        table, wrong = fit(ReferenceTable, description, described, name)
        problems += wrong
        if table:
            problems += _check_table(folders.reference / f"{name}.csv", name, table)
    problems += check_units(folders.reference)
    return len(tables), problems + [
        Problem(name_of(file), "", "", "is not described in tables.yml")
        for file in sorted(folders.reference.glob("*.csv"))
        if listed and file.stem not in tables
    ]


def _check_table(file: Path, name: str, table: ReferenceTable) -> list[Problem]:
    header, rows, problems = read_rows(file)
    if not header:
        return problems
    problems += [
        Problem("reference/tables.yml", name, "key", f"{key} is no column")
        for key in table.key
        if key not in table.columns
    ]
    problems += [
        Problem(name_of(file), "", column, "the column is missing") for column in table.columns if column not in header
    ]
    problems += [
        Problem(name_of(file), "", column, "is not described in tables.yml")
        for column in header
        if column not in table.columns
    ]
    return [*problems, *_rows(name_of(file), table, rows), *_keys(name_of(file), table, rows)]


def _rows(file: str, table: ReferenceTable, rows: list[dict[str, str | None]]) -> Iterator[Problem]:
    sources = [name for name in SOURCES if name in table.columns]
    if not sources and not table.source:
        yield Problem(file, "", "source", "there is no column source or citation, nor a source in tables.yml")
    for number, row in enumerate(rows, start=1):
        for name, column in table.columns.items():
            cell = row.get(name)
            if cell is not None and not _is_readable(cell, column.type):
                yield Problem(file, f"row {number}", name, f"{cell!r} cannot be read as {column.type}")
            elif cell is None and name in (*table.key, *sources) and name in row:
                yield Problem(file, f"row {number}", name, "is empty")


def _is_readable(cell: str, kind: str) -> bool:
    try:
        READ[kind](cell)
    except (ValueError, KeyError):
        return False
    return True


def _keys(file: str, table: ReferenceTable, rows: list[dict[str, str | None]]) -> Iterator[Problem]:
    for key, times in Counter(tuple(row.get(name) for name in table.key) for row in rows).items():
        if times > 1:
            yield Problem(file, ", ".join(map(str, key)), ", ".join(table.key), f"is there {times} times")
