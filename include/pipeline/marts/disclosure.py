"""What leaves the house of small cells: counts in whole steps, and what is made of such counts (docs/disclosure.md).

`include/reference/disclosure.csv` says it of each column; where the limit is 0, nothing of this runs.
"""

import csv
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from include.basics.errors import RegistryError
from include.basics.templates import Names
from include.warehouse import Warehouse
from include.warehouse.noted import note
from include.warehouse.reference import FOLDER
from include.warehouse.sql import render, select_text
from include.warehouse.tables import SQL_TYPES, Table

if TYPE_CHECKING:
    import pandas as pd

DEFAULT = 5
NOTICE = f"Marts tell counts of few persons: SMALL_CELL={DEFAULT} withholds them (docs/disclosure.md)."
STEP = "small_cell"
FLOWS = ("months", "entered", "events", "censored")
COUNTS, TOLD_COUNTS = "derived.survival_count", "told_count"
TOTAL, REST = "total", "rest"


@dataclass(frozen=True)
class Told(Names, files="disclosure/crossed disclosure/mart disclosure/survival_count"):
    """A mart's SELECT with the limit above which counts are told; `kinds` are those of the columns (disclosure.csv)."""

    limit: int
    select: str = ""
    columns: Sequence[str] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    made_of: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ToldPersons(Names, files="disclosure/patient_outcome"):
    """The same of a mart of persons: on which of the levels its columns are told, and the SQL type of each."""

    limit: int
    select: str
    columns: Mapping[str, SimpleNamespace]
    types: Mapping[str, str]
    levels: range


def small_cell(warehouse: Warehouse) -> int:
    """SMALL_CELL, else what it was last, else 5, and for the sample study 0 = everything is told.

    What nobody said is not noted; a limit that becomes a lower one is logged. Raises REG-111 where SMALL_CELL is none.
    """
    known = warehouse.scalar(f"SELECT fingerprint FROM ops.step WHERE step = '{STEP}'")
    said = os.environ.get("SMALL_CELL") or known
    if not said:
        return 0 if _is_sample_study(warehouse) else DEFAULT
    if not said.isdecimal() or int(said) == 1:
        raise RegistryError("REG-111", "SMALL_CELL is no limit.")
    if said != known:
        if known and int(said) < int(known):
            logging.getLogger("registry").warning("SMALL_CELL lowers the limit: %s to %s", known, said)
        note(warehouse, STEP, said)
    return int(said)


def tells_few(warehouse: Warehouse) -> bool:
    """Whether the marts are of real persons, the sample study's are none, and withhold nothing."""
    bare = "SELECT COUNT(*) FROM marts.cohort WHERE small_cell = 0 AND patients > 0 AND NOT is_synthetic"
    return bool(warehouse.scalar(bare))


def _is_sample_study(warehouse: Warehouse) -> bool:
    return bool(warehouse.scalar(f"SELECT is_synthetic FROM ({select_text('marts/cohort')}) AS cohort"))


def begin(warehouse: Warehouse, limit: int) -> None:
    """Make what curves and their comparisons are estimated from: none of them sees a count that is not told."""
    if limit:
        warehouse.replace_temporary(TOLD_COUNTS, "disclosure/survival_count", Told(limit))


def end(warehouse: Warehouse, limit: int) -> None:
    """Drop it again."""
    if limit:
        warehouse.run(f"DROP TABLE {TOLD_COUNTS}")


def told(warehouse: Warehouse, table: Table, select: str, limit: int) -> str:
    """The SELECT of a mart as its rows leave the house."""
    if not limit:
        return select
    ruled = {name: rule for name, rule in _rules_of(table).items() if rule.kind != TOTAL}
    select = select.replace(COUNTS, TOLD_COUNTS)
    if table.grain == "patient":
        return _of_persons(table, select, ruled, limit)
    if not ruled:
        return select
    columns = list(warehouse.run_verbatim(f"SELECT * FROM ({select}) AS mart LIMIT 0").keys())
    kinds = {name: rule.kind for name, rule in ruled.items()}
    if "crossed" in kinds.values():
        return render("disclosure/crossed", Told(limit, select, [name for name in columns if name not in FLOWS]))
    made_of = {name: rule.made_of.split(", ") for name, rule in ruled.items()}
    return render("disclosure/mart", Told(limit, select, columns, kinds, made_of))


def without_few(table: Table, rows: "pd.DataFrame", limit: int) -> "pd.DataFrame":
    """Rows that were estimated from told counts: what these add up to is null where it is 0, as few are withheld."""
    if not limit:
        return rows
    totals = [name for name, rule in _rules_of(table).items() if rule.kind in (TOTAL, REST)]
    return rows.assign(**{name: rows[name].where(rows[name] > 0) for name in totals})


def _rules_of(table: Table) -> dict[str, Any]:
    return rules().get(table.name.removeprefix("marts."), {})


def _of_persons(table: Table, select: str, ruled: dict[str, Any], limit: int) -> str:
    levels = range(1, 1 + max(int(rule.level) for rule in ruled.values()))
    columns = {name: SimpleNamespace(level=int(rule.level), width=rule.width) for name, rule in ruled.items()}
    types = {column.name: SQL_TYPES[column.type].partition(" COLLATE")[0] for column in table.columns}
    return render("disclosure/patient_outcome", ToldPersons(limit, select, columns, types, levels))


@cache
def rules() -> dict[str, dict[str, Any]]:
    """The rules of each mart, by column."""
    found: dict[str, dict[str, Any]] = {}
    with (FOLDER / "disclosure.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["mart"], {})[row["column_name"]] = SimpleNamespace(**row)
    return found
