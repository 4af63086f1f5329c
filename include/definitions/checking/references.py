"""Checks the reference tables: the columns that tables.yml describes, what each may hold, unique keys, a source."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from include.definitions.checking.allowed import Lists, Rows, problems_of_cells, undecided
from include.definitions.checking.analytes import check_analytes
from include.definitions.checking.limits import check_limits
from include.definitions.checking.problem import Folders, Problem, name_of
from include.definitions.checking.reading import files_of, fit, parse, read_rows
from include.definitions.checking.suites import Strict
from include.definitions.checking.units import check_units

SOURCES = ("source", "citation")


class ReferenceColumn(Strict):
    """A column of a reference table, and what its cells may be.

    A text is one of `values`, of those `in` a column of another table (table.column), of those of a `rule` of the
    suites, one that fits a `pattern`, or `free`. A number lies from `least` to `most`, both allowed.
    """

    type: Literal["text", "double", "integer", "boolean", "date"]
    description: str
    values: list[str] | None = None
    within: str | None = Field(None, alias="in")
    rule: str | None = None
    pattern: str | None = None
    free: bool = False
    least: float | None = None
    most: float | None = None
    required: bool = False


class Together(Strict):
    """Values that columns may have together; with `complete` each of them has a row."""

    columns: list[str]
    values: list[list[str]]
    complete: bool = False


class Reference(Strict):
    """Columns that name a row of another table, in the rows `when` a column has a value."""

    columns: list[str]
    table: str
    to: list[str]
    when: dict[str, str] = Field(default_factory=dict)


class ReferenceTable(Strict):
    """A reference table; `source` says where all its rows come from when they have no column for it."""

    description: str
    key: list[str]
    source: str | None = None
    together: list[Together] = Field(default_factory=list)
    refers: list[Reference] = Field(default_factory=list)
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
    names = listed.tables if listed else {}
    tables: dict[str, ReferenceTable] = {}
    rows: dict[str, Rows] = {}
    for name, description in names.items():
        table, wrong = fit(ReferenceTable, description, described, name)
        problems += wrong
        if table:
            tables[name] = table
            rows[name], wrong = _read_table(files_of(folders.reference, name), name, table)
            problems += wrong
    lists = Lists(folders, rows)
    for name, table in tables.items():
        problems += problems_of_cells(_named(files_of(folders.reference, name)), table, rows[name], lists)
    if not problems:
        problems += [*check_analytes(rows), *check_units(rows), *check_limits(rows)]
    return len(names), problems + [
        Problem(name_of(file), "", "", "is not described in tables.yml")
        for file in sorted(folders.reference.rglob("*.csv"))
        if listed and file not in {known for name in names for known in files_of(folders.reference, name)}
    ]


def _named(files: list[Path]) -> str:
    """What a table's file, or the folder of its files, is called in problems."""
    return name_of(files[0] if len(files) == 1 else files[0].parent)


def _read_table(files: list[Path], name: str, table: ReferenceTable) -> tuple[Rows, list[Problem]]:
    read = {file: read_rows(file) for file in files}
    problems = [problem for _, _, wrong in read.values() for problem in wrong]
    rows: Rows = {
        line if len(files) == 1 else f"{line} of {file.name}": row
        for file, (_, cells, _) in read.items()
        for line, row in cells.items()
    }
    headers = {file: header for file, (header, _, _) in read.items() if header}
    if not headers:
        return rows, problems
    problems += [
        Problem("reference/tables.yml", name, "key", f"{key} is no column")
        for key in table.key
        if key not in table.columns
    ]
    problems += [
        Problem("reference/tables.yml", name, column, "is a text of which nothing says what it may be")
        for column in undecided(table)
    ]
    for file, header in headers.items():
        problems += [
            Problem(name_of(file), "", column, "the column is missing")
            for column in table.columns
            if column not in header
        ]
        problems += [
            Problem(name_of(file), "", column, "is not described in tables.yml")
            for column in header
            if column not in table.columns
        ]
    return rows, [*problems, *_sources(_named(files), table, rows), *_keys(_named(files), table, rows)]


def _sources(file: str, table: ReferenceTable, rows: Rows) -> Iterator[Problem]:
    sources = [name for name in SOURCES if name in table.columns]
    if not sources and not table.source:
        yield Problem(file, "", "source", "there is no column source or citation, nor a source in tables.yml")
    for line, row in rows.items():
        for name in (*table.key, *sources):
            if name in row and row[name] is None:
                yield Problem(file, f"line {line}", name, "is empty")


def _keys(file: str, table: ReferenceTable, rows: Rows) -> Iterator[Problem]:
    times = Counter(tuple(row.get(name) for name in table.key) for row in rows.values())
    for line, row in rows.items():
        key = tuple(row.get(name) for name in table.key)
        if times[key] > 1:
            named = ", ".join(map(str, key))
            yield Problem(file, f"line {line}", ", ".join(table.key), f"{named} is there {times[key]} times")
