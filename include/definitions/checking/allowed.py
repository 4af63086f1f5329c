"""What a cell of a reference table may hold: values from a list, from another table, from a rule; numbers in bounds."""

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from include.basics.errors import RegistryError
from include.basics.settings import ROOT
from include.definitions.checking.problem import Folders, Problem
from include.definitions.checking.reading import day_of, number_of
from include.definitions.described import read_yaml
from include.definitions.expectations import read_suite

if TYPE_CHECKING:
    from include.definitions.checking.references import Reference, ReferenceColumn, ReferenceTable, Together

Row = dict[str, str | None]
Rows = dict[int | str, Row]
"""The rows of a table by their line, which of a table of several files says in which."""
READ: dict[str, Any] = {
    "text": str,
    "double": number_of,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": day_of,
}
SHOWN = 20
"""So many allowed values are told; of a longer list, where it stands."""


class Lists:
    """The lists that columns are held to: of other tables, of the suites' rules, of the marts."""

    def __init__(self, folders: Folders, rows: dict[str, Rows]) -> None:
        self.folders = folders
        self.rows = rows

    def column(self, named: str) -> set[str]:
        """The values of `table.column`, or the names of the marts."""
        if named == "manifest.marts":
            return set(read_yaml(ROOT / "include" / "sql" / "marts" / "manifest.yml")["tables"])
        table, column = named.split(".")
        return {row[column] or "" for row in self.rows.get(table, {}).values() if column in row}

    def together(self, table: str, columns: Collection[str]) -> set[tuple[str | None, ...]]:
        """What columns of a table say together."""
        return {tuple(row.get(name) for name in columns) for row in self.rows.get(table, {}).values()}

    def rule(self, rule_id: str) -> list[str]:
        """The values that a rule allows; none when its suite cannot be read, which is a problem of its own."""
        try:
            rules = read_suite(rule_id.partition(".")[0], self.folders.expectations)
        except RegistryError:
            return []
        return next((rule.settings["kwargs"]["value_set"] for rule in rules if rule.rule_id == rule_id), [])


def undecided(table: "ReferenceTable") -> list[str]:
    """The columns of text of which nothing says what they may hold, or more than one thing does."""
    listed = {name for together in table.together for name in together.columns}
    return [
        name
        for name, column in table.columns.items()
        if column.type == "text"
        and sum((*map(bool, (column.values, column.within, column.rule, column.pattern, column.free)), name in listed))
        != 1
    ]


def problems_of_cells(file: str, table: "ReferenceTable", rows: Rows, lists: Lists) -> Iterator[Problem]:
    """Cells that are not what their column may hold, alone or together with others, and lines that are not there."""
    for name, column in table.columns.items():
        allowed = _allowed(column, lists)
        for line, row in rows.items():
            if name in row and (wrong := _wrong(row[name], column, allowed)):
                yield Problem(file, f"line {line}", name, wrong)
    for together in table.together:
        yield from _together(file, together, rows)
    for reference in table.refers:
        yield from _refers(file, reference, rows, lists)


def _allowed(column: "ReferenceColumn", lists: Lists) -> tuple[Collection[str], str] | None:
    """The values of a column's list and where it stands."""
    if column.values:
        return column.values, "tables.yml"
    if column.within:
        return lists.column(column.within), column.within
    if column.rule:
        return lists.rule(column.rule), column.rule
    return None


def _wrong(cell: str | None, column: "ReferenceColumn", allowed: tuple[Collection[str], str] | None) -> str:
    """What is wrong with a cell; empty when nothing is."""
    if cell is None:
        return "is empty" if column.required else ""
    try:
        value = READ[column.type](cell)
    except (ValueError, KeyError):
        return f"{cell!r} cannot be read as {column.type}"
    if allowed and cell not in allowed[0]:
        return f"{cell!r} is none of {_listed(*allowed)}"
    if column.pattern and not re.fullmatch(column.pattern, cell):
        return f"{cell!r} is not written as {column.pattern}"
    if column.least is not None and value < column.least:
        return f"{cell} is below {column.least:g}"
    if column.most is not None and value > column.most:
        return f"{cell} is above {column.most:g}"
    return ""


def _listed(values: Collection[str], where: str) -> str:
    return ", ".join(sorted(values)) if len(values) <= SHOWN else f"those in {where}"


def _together(file: str, together: "Together", rows: Rows) -> Iterator[Problem]:
    there = {line: [row.get(name) or "" for name in together.columns] for line, row in rows.items()}
    for line, values in there.items():
        for place, name in enumerate(together.columns):
            allowed = {known[place] for known in together.values if known[:place] == values[:place]}
            if values[place] not in allowed:
                beside = f" beside {', '.join(values[:place])}" if place else ""
                yield Problem(
                    file, f"line {line}", name, f"{values[place]!r} is none of {_listed(allowed, 'tables.yml')}{beside}"
                )
                break
    for values in together.values if together.complete else ():
        if values not in there.values():
            yield Problem(file, ", ".join(values), ", ".join(together.columns), "has no row")


def _refers(file: str, reference: "Reference", rows: Rows, lists: Lists) -> Iterator[Problem]:
    known = lists.together(reference.table, reference.to)
    for line, row in rows.items():
        named = tuple(row.get(name) for name in reference.columns)
        meant = all(row.get(name) == value for name, value in reference.when.items())
        if meant and named not in known:
            allowed = sorted(str(other[-1]) for other in known if other[:-1] == named[:-1])
            more = f"; {', '.join(map(str, named[:-1]))} has {', '.join(allowed)}" if allowed else ""
            said = ", ".join(map(str, named))
            yield Problem(
                file, f"line {line}", ", ".join(reference.columns), f"{said} is not in {reference.table}{more}"
            )
