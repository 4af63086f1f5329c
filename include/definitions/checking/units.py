"""Checks that a spelling of a unit has one meaning for each analyte, and that each accepted unit can be spelt."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from include.definitions.checking.allowed import Rows
from include.definitions.checking.problem import Folders, Problem
from include.definitions.checking.reading import read_rows

CONVERSION, WORD = "reference/unit_conversion.csv", "reference/unit_word.csv"
Words = dict[str, list[str]]
"""The spellings of each unit or part of one."""


def check_units(tables: dict[str, Rows]) -> Iterator[Problem]:
    """What is wrong with the units of the reference tables."""
    words: Words = defaultdict(list)
    for row in tables["unit_word"].values():
        words[row.get("unit") or ""].append(row.get("spelling") or "")
    accepted = defaultdict(set)
    for row in tables["unit_conversion"].values():
        accepted[row.get("analyte") or ""].add(row.get("unit") or "")
    parts = {part for units in accepted.values() for unit in units for part in (unit, *_parts(unit))}
    for line, row in tables["unit_word"].items():
        if row["unit"] not in parts:
            yield Problem(WORD, f"line {line}", "unit", f"{row['unit']} is no part of a unit in unit_conversion.csv")
    for word in sorted(parts & words.keys()):
        means = [unit for unit in words if _folded(word) in words[unit]]
        if means and word not in means:
            yield Problem(WORD, _folded(word), "unit", f"has to mean {word}, not {' or '.join(means)}")
    for analyte, units in accepted.items():
        meanings = defaultdict(set)
        for unit in units:
            spelt = _spellings(unit, words)
            if not spelt:
                yield Problem(CONVERSION, f"{analyte}, {unit}", "unit", "has no spelling in unit_word.csv")
            for spelling in spelt:
                meanings[spelling].add(unit)
        for spelling, meant in sorted(meanings.items()):
            if len(meant) > 1:
                yield Problem(WORD, spelling, "unit", f"means for {analyte} both {' and '.join(sorted(meant))}")


def check_normal(folders: Folders) -> Iterator[Problem]:
    """Spellings that are not in the form in which they are looked up."""
    import duckdb

    from include.warehouse.sql import macro

    spellings = sorted(
        {row.get("spelling") or "" for row in read_rows(folders.reference / "unit_word.csv")[1].values()}
    )
    with duckdb.connect() as connection:
        for spelling in spellings:
            asked = f"SELECT {macro('reference/unit_factor', 'normal_unit')('CAST($1 AS VARCHAR)')}"
            normal = connection.execute(asked, [spelling]).fetchall()[0][0]
            if normal != spelling:
                yield Problem(WORD, spelling, "spelling", f"has to be written {normal}")


def _spellings(unit: str, words: Words) -> set[str]:
    """How a unit can be spelt: as a word, or part by part."""
    above, slash, below = unit.partition("/")
    return {*words[unit], *map("".join, product(words[above], words[slash + below] if slash else ()))}


def _parts(unit: str) -> tuple[str, ...]:
    """What stands before the slash of a unit, and what from it on."""
    above, slash, below = unit.partition("/")
    return (above, slash + below) if slash else ()


def _folded(unit: str) -> str:
    """A unit in the form in which its own spelling is looked up."""
    return "".join(sign for sign in unit.upper() if sign not in ".*^()[]{}+")
