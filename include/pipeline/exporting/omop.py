"""Tables of the OMOP Common Data Model 5.4 as CSV, with treatment cycles as episodes.

Each table is a SELECT in `include/sql/export/omop`. Persons have numbers of this export alone. All dates of a person
are moved back by the same random number of weeks, so intervals and weekdays stay and no date is real. A term without a
concept in `reference.omop_concept` has the concept 0 and is counted in `unmapped.csv`.
"""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from include.basics.errors import RegistryError
from include.basics.private import private_files
from include.basics.settings import Settings
from include.pipeline.exporting.folder import new_folder, refuse_existing
from include.pipeline.exporting.omop_format import CDM, FIELDS, Field, check_cdm
from include.pipeline.exporting.permission import granted
from include.warehouse import Warehouse, open_warehouse, utc_now
from include.warehouse.sql import select_text

SELECTS = "export/omop"
WEEKS = 52
"""Most weeks by which a person's dates are moved back; the least is one."""
PROVENANCE = "kind = 'type' AND code = 'registry'"
"""The concept of where all records come from."""
YEARS = {"year_of_birth"}
"""Columns whose SELECT gives a day of which the year alone is told."""
_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class OmopReport:
    """What was written: persons, how many rows have a term whose concept is not known, by field and term.

    `left_out` are the rows that the model cannot hold, by table: among `person` those without a date of birth.
    """

    persons: int
    unmapped: Counter[tuple[str, str]]
    left_out: Counter[str]


def export_omop(settings: Settings, out: Path) -> OmopReport:
    """Write the tables to a new folder; raises RegistryError REG-901, REG-902, REG-903 as `export_cbioportal` does."""
    refuse_existing(out)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse, private_files(), granted():
        tables, report = _tables(warehouse)
    with new_folder(out) as part:
        for name, frame in tables.items():
            frame.to_csv(part / f"{name}.csv", index=False)
        told = [(field, term, rows) for (field, term), rows in sorted(report.unmapped.items())]
        pd.DataFrame(told, columns=["field", "term", "rows"]).to_csv(part / "unmapped.csv", index=False)
        left = sorted(report.left_out.items())
        pd.DataFrame(left, columns=["table", "rows"]).to_csv(part / "left_out.csv", index=False)
        if problems := check_cdm(part):
            raise RegistryError("REG-903", "; ".join(problems))
    return report


def _tables(warehouse: Warehouse) -> tuple[dict[str, pd.DataFrame], OmopReport]:
    """Every table as the model has it, and what is told of them."""
    warehouse.connection.commit()
    if not warehouse.is_duckdb:
        warehouse.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    every = {name: warehouse.frame(select_text(f"{SELECTS}/{name}")) for name in CDM if name != "cdm_source"}
    cutoff = warehouse.scalar("SELECT MAX(batch_date) FROM ops.file_state WHERE state = 'loaded'")
    found = _fitting(every)
    registry = warehouse.scalar(f"SELECT concept_id FROM reference.omop_concept WHERE {PROVENANCE}")
    unmapped = sum((_unmapped(name, frame) for name, frame in found.items()), Counter[tuple[str, str]]())
    people = list(found["person"]["patient_id"])
    numbers = dict(zip(_RANDOM.sample(people, len(people)), range(1, len(people) + 1), strict=True))
    weeks = {patient: _RANDOM.randint(1, WEEKS) for patient in people}
    moved = {name: _moved(frame, CDM[name], numbers, weeks) for name, frame in found.items()}
    _link(moved)
    left_out = Counter({name: len(every[name]) - len(frame) for name, frame in moved.items()})
    tables = {name: _filled(frame, CDM[name], registry) for name, frame in moved.items()}
    typed = {name: _typed(frame, CDM[name]) for name, frame in {**tables, "cdm_source": _source(cutoff)}.items()}
    return typed, OmopReport(len(people), unmapped, +left_out)


def _fitting(every: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The rows that the model can hold: of persons with a birth and a period, dated, within the period.

    A person decided that the values of other rows are right, which the model has no place for.
    """
    days = {name: [f.name for f in CDM[name] if f.type == "date" and f.name in frame] for name, frame in every.items()}
    period = every["observation_period"].set_index("patient_id")[days["observation_period"]]
    born = every["person"].dropna(subset="year_of_birth")
    people = born[born["patient_id"].isin(period.index)]["patient_id"]
    found = {}
    for name, frame in every.items():
        kept = frame["patient_id"].isin(people)
        for day in days[name][:1]:
            began, ended = (frame["patient_id"].map(period[column]) for column in days["observation_period"])
            kept &= frame[day].notna() & (frame[day] >= began) & (frame[day] <= ended)
        found[name] = frame[kept]
    return found


def _moved(frame: pd.DataFrame, fields: list[Field], numbers: dict[str, int], weeks: dict[str, int]) -> pd.DataFrame:
    """Rows by number of person, dates moved, in the order of persons and days, with a number as key."""
    days = [field.name for field in fields if field.name in frame and (field.type == "date" or field.name in YEARS)]
    shift = pd.to_timedelta(frame["patient_id"].map(weeks) * 7, unit="D")
    made = frame.assign(person_id=frame["patient_id"].map(numbers))
    for day in days:
        made[day] = pd.to_datetime(made[day]) - shift
    made = made.sort_values(["person_id", *days[:1], *frame.columns.drop(["patient_id", *days[:1]])])
    for year in YEARS & {*made.columns}:
        made[year] = made[year].dt.year
    key = next((field.name for field in fields if field.is_key), "person_id")
    return made if key == "person_id" else made.assign(**{key: range(1, len(made) + 1)})


def _filled(frame: pd.DataFrame, fields: list[Field], registry: int) -> pd.DataFrame:
    """All fields of the model, in their order; the types of records tell where they come from."""
    types = {field.name: registry for field in fields if field.name.endswith("_type_concept_id")}
    return frame.assign(**types).reindex(columns=[field.name for field in fields])


def _link(tables: dict[str, pd.DataFrame]) -> None:
    """Put the exported numbers of episodes and procedures in the place of the registry's keys."""
    events = tables["episode_event"]
    for column, name in (("episode_id", "episode"), ("event_id", "procedure_occurrence")):
        made = tables[name].dropna(subset="record_key")
        events[column] = events[column].map(dict(zip(made["record_key"], made[f"{name}_id"], strict=True)))
    tables["episode_event"] = events.dropna(subset=["episode_id", "event_id"])


def _source(cutoff: Any) -> pd.DataFrame:
    told = {
        "cdm_source_name": "Liver tumour registry",
        "cdm_source_abbreviation": "LTR",
        "cdm_holder": "registry office",
        "source_description": "Dates are moved back by a random number of weeks for each person.",
        "source_release_date": cutoff,
        "cdm_release_date": utc_now().date(),
        "cdm_version": "5.4",
        "cdm_version_concept_id": 0,
        "vocabulary_version": "unknown",
    }
    return pd.DataFrame([told]).reindex(columns=[field.name for field in CDM["cdm_source"]])


def _typed(frame: pd.DataFrame, fields: list[Field]) -> pd.DataFrame:
    made = {}
    for field in fields:
        column = frame[field.name]
        if field.type == "integer":
            column = column.astype("Int64")
        elif field.type == "date":
            column = pd.to_datetime(column).dt.strftime("%Y-%m-%d")
        made[field.name] = column
    return pd.DataFrame(made)


def _unmapped(name: str, frame: pd.DataFrame) -> Counter[tuple[str, str]]:
    """How many rows have the concept 0 where a column beside it tells the term."""
    found: Counter[tuple[str, str]] = Counter()
    for field in (one for one in FIELDS if one.table == name and one.name.endswith("_source_value")):
        concept = field.name.replace("_source_value", "_concept_id")
        if field.name in frame and concept in frame:
            terms = frame.loc[(frame[concept] == 0) & frame[field.name].notna(), field.name]
            found.update({(f"{name}.{concept}", str(term)): int(rows) for term, rows in terms.value_counts().items()})
    return found
