"""The rows of `cases/<feed>.yml`, and the table `staged` made of them.

A case is the good row with some columns changed (`passes`), or that and the rules it breaks (`fails`).
Columns listed under `unreadable` held text that is not of their type. The last day that a date can be is the date,
and the first day that the patient's death can be is its date, unless they are given.
A row without a key of its own is given one.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from include.definitions import contracts
from include.warehouse import Warehouse
from include.warehouse.tables import SQL_TYPES

CASES = Path(__file__).resolve().parent / "cases"
KNOWN_OF_THE_PATIENT = dict.fromkeys(
    ("batch_date", "patient_birth_date", "patient_death_date", "patient_earliest_death_date"), "date"
)
KNOWN_OF_A_RESULT = {
    "analyte": "text",
    "code_known": "boolean",
    "unit_factor": "double",
}


@dataclass(frozen=True)
class Case:
    """One staged row and the ids of the rules that it breaks."""

    row: dict[str, Any]
    breaks: frozenset[str]


def read_cases(feed: str) -> list[Case]:
    """The rows of a feed: the good one, its passing variants, the failing ones; numbered from 1."""
    described = yaml.safe_load((CASES / f"{feed}.yml").read_text(encoding="utf-8"))
    good = described["good"]
    variants: list[tuple[dict[str, Any], list[str]]] = [({}, [])]
    variants += [(changed, []) for changed in described["passes"]]
    variants += [(changed, rules) for changed, *rules in described["fails"]]
    return [
        Case(_row(feed, number, good | changed), frozenset(f"{feed}.{rule}" for rule in rules))
        for number, (changed, rules) in enumerate(variants, start=1)
    ]


def stage_rows(warehouse: Warehouse, feed: str, rows: list[dict[str, Any]]) -> None:
    """Replace the temporary table `staged` by these rows."""
    columns = _columns(feed)
    typed = ", ".join(f"{name} {SQL_TYPES[kind]}" for name, kind in columns.items())
    warehouse.run_verbatim("DROP TABLE IF EXISTS staged")
    warehouse.run_verbatim(f"CREATE TEMPORARY TABLE staged ({typed})")
    staged = sa.table("staged", *map(sa.column, columns))
    warehouse.connection.execute(sa.insert(staged), rows)


def _columns(feed: str) -> dict[str, str]:
    contract = contracts.read(feed)
    columns = {"row_number": "integer", "file_number": "integer"}
    columns |= {field.name: contracts.WAREHOUSE_TYPES[field.type] for field in contract.fields}
    columns |= {name: kind for field in contract.fields for name, kind, _ in field.beside}
    columns |= {f"{name}_latest": "date" for name in contract.partial}
    columns |= {f"{field.name}_readable": "boolean" for field in contract.typed}
    if not contract.of_patients:
        columns |= {"closes_cycle": "boolean", "has_other_survivor": "boolean"}
    elif contract.key != "patient_id":
        columns["is_moved"] = "boolean"
    return columns | (KNOWN_OF_A_RESULT if feed == "results" else {}) | KNOWN_OF_THE_PATIENT


def _row(feed: str, number: int, values: dict[str, Any]) -> dict[str, Any]:
    named = {"row_number": number, "file_number": 1, contracts.read(feed).key: f"row {number}"}
    row = dict.fromkeys(_columns(feed)) | named | values
    unreadable = row.pop("unreadable", [])
    for field in contracts.read(feed).typed:
        row[f"{field.name}_readable"] = None if row[field.name] is None else True
    row |= {f"{name}_latest": row[f"{name}_latest"] or row[name] for name in contracts.read(feed).partial}
    row["patient_earliest_death_date"] = row["patient_earliest_death_date"] or row["patient_death_date"]
    for name in unreadable:
        measured = feed == "results" and name == "value"
        row |= {name: "not a number" if measured else None, f"{name}_readable": False}
    if unknown := row.keys() - _columns(feed).keys():
        raise ValueError(f"cases of {feed} name unknown columns: {sorted(unknown)}")
    return row
