"""What the Common Data Model 5.4 asks of tables: `omop_field.csv` restates OHDSI's list of fields (CommonDataModel,
OMOP_CDMv5.4_Field_Level.csv, Apache 2.0); the checks are those of its DataQualityDashboard that need no vocabulary.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

Rows = list[dict[str, str]]
PERIODS = {
    "observation_period": ("observation_period_start_date", "observation_period_end_date"),
    "drug_exposure": ("drug_exposure_start_date", "drug_exposure_end_date"),
    "episode": ("episode_start_date", "episode_end_date"),
}
"""Tables whose rows begin and end."""


@dataclass(frozen=True)
class Field:
    """A field of the model; `refers_to` is the table that its values are keys of."""

    table: str
    name: str
    type: str
    is_required: bool
    is_key: bool
    refers_to: str


def _fields() -> list[Field]:
    with Path(__file__).with_name("omop_field.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Field(r["table"], r["field"], r["type"], r["required"] == "yes", r["primary_key"] == "yes", r["refers_to"])
            for r in csv.DictReader(lines)
        ]


FIELDS = _fields()
CDM = {table: list(fields) for table, fields in groupby(FIELDS, lambda field: field.table)}
"""The fields of each table that is exported."""


def check_cdm(folder: Path) -> list[str]:
    """What is wrong with exported tables, by table and field, never by a cell."""
    tables = {name: _read(folder / f"{name}.csv") for name in CDM}
    found = []
    for name, (columns, rows) in tables.items():
        if columns != [field.name for field in CDM[name]]:
            found.append(f"{name}: not the fields of the model")
            continue
        keys = {of: {row[f"{of}_id"] for row in tables[of][1] if f"{of}_id" in row} for of in ("person", "episode")}
        for field in CDM[name]:
            found += _field(field, [row[field.name] for row in rows], keys)
    return found or [*_plausible({name: rows for name, (_, rows) in tables.items()})]


def _read(file: Path) -> tuple[list[str], Rows]:
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        return list(reader.fieldnames or ()), list(reader)


def _field(field: Field, cells: list[str], keys: dict[str, set[str]]) -> Iterator[str]:
    where = f"{field.table}.{field.name}"
    if field.is_required and "" in cells:
        yield f"{where}: required and missing"
    if field.is_key and len({*cells}) < len(cells):
        yield f"{where}: a key that is there twice"
    if not all(_fits(field.type, cell) for cell in cells if cell):
        yield f"{where}: no {field.type}"
    if field.refers_to in keys and not {*cells} - {""} <= keys[field.refers_to]:
        yield f"{where}: no row of {field.refers_to} has the key"


def _fits(kind: str, cell: str) -> bool:
    try:
        match kind.partition("("):
            case ("integer", _, _):
                return str(int(cell)) == cell
            case ("float", _, _):
                return float(cell) is not None
            case ("date", _, _):
                return date.fromisoformat(cell).isoformat() == cell
            case ("varchar", _, length):
                return length == "max)" or len(cell) <= int(length.rstrip(")"))
    except ValueError:
        return False
    return True


def _plausible(tables: dict[str, Rows]) -> Iterator[str]:
    born = {row["person_id"]: row["year_of_birth"] for row in tables["person"]}
    period = {
        row["person_id"]: (row["observation_period_start_date"], row["observation_period_end_date"])
        for row in tables["observation_period"]
    }
    if period.keys() != born.keys():
        yield "observation_period: not one for each person"
        return
    events = {row["procedure_occurrence_id"]: row["person_id"] for row in tables["procedure_occurrence"]}
    owner = {row["episode_id"]: row["person_id"] for row in tables["episode"]}
    if any(events.get(row["event_id"]) != owner[row["episode_id"]] for row in tables["episode_event"]):
        yield "episode_event.event_id: no procedure of the episode's person"
    for name in tables.keys() - {"person", "episode_event", "cdm_source"}:
        first = next(field.name for field in CDM[name] if field.type == "date")
        start, end = PERIODS.get(name, (first, first))
        if any(row[end] and row[end] < row[start] for row in tables[name]):
            yield f"{name}.{end}: before {start}"
        if any(row[start][:4] < born[row["person_id"]] for row in tables[name]):
            yield f"{name}.{start}: before birth"
        if any(not _within(row[start], period[row["person_id"]]) for row in tables[name]):
            yield f"{name}.{start}: outside of the observation period"


def _within(day: str, period: tuple[str, str]) -> bool:
    return period[0] <= day <= period[1]
