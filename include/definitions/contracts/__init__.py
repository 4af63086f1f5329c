"""What each department sends: one YAML file a feed, read here and nowhere else.

Column types: text, date, partial_date (a date of which month or day may be unknown), timestamp (wall-clock time as
written, or its day alone; with an offset also the instant, in UTC), decimal, integer, bounded (a decimal number that
may be led by <, <=, > or >=) and measured (the same, kept as text, too). The wall clock of a Parquet column with a time
zone is that of the zone that pandas noted in the file, else UTC's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.basics.errors import RegistryError
from include.definitions.described import read_yaml

FOLDER = Path(__file__).resolve().parents[2] / "contracts"
FIRST = ("patients", "merges", "visits")
"""The feeds that say who there is, and until when: they are received and resolved before the others."""
NAME = re.compile("[a-z][a-z0-9_]*")
SHARED = ("received", "clinical", "derived")
"""The folders of `include/sql` whose tables stand where a feed's do."""
FEEDS = (*FIRST, *sorted({file.stem for file in FOLDER.glob("*.yml") if NAME.fullmatch(file.stem)} - {*FIRST}))
WAREHOUSE_TYPES = {
    "text": "text",
    "measured": "text",
    "bounded": "double",
    "date": "date",
    "partial_date": "date",
    "timestamp": "timestamp",
    "decimal": "double",
    "integer": "integer",
}
COMPARATOR = ("comparator", "text", "comparator of {}: <, <=, >, >=")
BESIDE = {
    "measured": (("number", "double", "number of {}, in the row's unit"), COMPARATOR),
    "bounded": (COMPARATOR,),
    "partial_date": (("precision", "text", "month or year: no more of {} is known; null = its day is known"),),
    "timestamp": (
        ("instant", "timestamp", "{} in UTC; null = written without an offset"),
        ("precision", "text", "day: no time of {} is known, 00:00 stands for it; null = its time is known"),
    ),
}
"""What is kept beside a column of a type: ending of the name, type in the warehouse, description."""


@dataclass(frozen=True)
class Field:
    """A column of an extract; `added` = it is younger than the feed: rows without it say what they said before.

    `judged` is what its rules are made of: values, between, lifespan and the other keys of its line.
    """

    name: str
    type: str
    required: bool
    description: str
    added: bool = False
    judged: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def beside(self) -> tuple[tuple[str, str, str], ...]:
        """Name, type in the warehouse and description of what is kept beside the column."""
        kept = BESIDE.get(self.type, ())
        return tuple((f"{self.name}_{ending}", kind, said.format(self.name)) for ending, kind, said in kept)


@dataclass(frozen=True)
class KeyItem:
    """A column that the registry counts the completeness of, in the rows where `when` (SQL) holds.

    `unknown` is a word that says no more than an empty cell.
    """

    name: str
    when: str
    source: str
    unknown: str = ""


@dataclass(frozen=True)
class Contract:
    """A feed: its source, its key, its columns in the contract's order.

    `event_date` is the column that says when the event of a row happened (empty = none of its own); rows of different
    keys that agree in the columns `same_event` are one event, entered twice. `local_ids` name things without a feed of
    their own, numbered by whoever sends them. `row` is what a row is called, `department` who is asked about it.
    `rules` are the words for all rules of a feed that has no suite: owner, since, context.
    """

    feed: str
    source: str
    description: str
    key: str
    fields: tuple[Field, ...]
    event_date: str = ""
    same_event: tuple[str, ...] = ()
    key_items: tuple[KeyItem, ...] = ()
    local_ids: tuple[str, ...] = ()
    row: str = ""
    department: str = ""
    rules: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(field.name for field in self.fields)

    @property
    def partial(self) -> tuple[str, ...]:
        """The dates of which month or day may be unknown."""
        return tuple(field.name for field in self.fields if field.type == "partial_date")

    @property
    def coded(self) -> tuple[Field, ...]:
        """The columns with a list of codes; a row's status says nothing of its patient."""
        return tuple(field for field in self.fields if "values" in field.judged and field.name != "status")

    @property
    def numeric(self) -> tuple[Field, ...]:
        """The columns that hold a number; limits are none that somebody measured."""
        return tuple(field for field in self.fields if field.type in ("decimal", "integer", "measured"))

    @property
    def of_patients(self) -> bool:
        """Whether each row is a patient's."""
        return "patient_id" in self.names

    @property
    def patient_columns(self) -> tuple[str, ...]:
        """The columns that name patients."""
        return tuple(name for name in self.names if name == "patient_id" or name.endswith("_patient_id"))

    @property
    def names_patient(self) -> bool:
        """Whether its keys are patients' ids."""
        return self.key in self.patient_columns

    @property
    def typed(self) -> tuple[Field, ...]:
        """The columns whose text has to be read as something else."""
        return tuple(field for field in self.fields if field.type != "text")


def is_taken(feed: str) -> bool:
    """Whether a table of the platform has the name."""
    sql = FOLDER.parent / "sql"
    return any((sql / schema / f"{feed}{ending}").exists() for schema in SHARED for ending in (".sql", ".yml"))


@cache
def read(feed: str) -> Contract:
    """The contract of a feed; raises RegistryError REG-401 when its file is wrong, or a table has the feed's name."""
    if is_taken(feed):
        raise RegistryError("REG-401", f"The contract {feed}.yml has the name of a table of the platform.")
    try:
        contract = contract_of(feed, read_yaml(FOLDER / f"{feed}.yml"))
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RegistryError("REG-401", f"The contract {feed}.yml cannot be read.") from error
    if unknown := {field.type for field in contract.fields} - WAREHOUSE_TYPES.keys():
        raise RegistryError("REG-401", f"The contract {feed}.yml has unknown types {sorted(unknown)}.")
    items = {item.name for item in contract.key_items}
    named = {contract.key, contract.event_date, *contract.same_event, *contract.local_ids, *items}
    if unknown := named - {"", *contract.names}:
        raise RegistryError("REG-401", f"The contract {feed}.yml names columns that it lacks: {sorted(unknown)}.")
    return contract


def contract_of(feed: str, described: dict[str, Any]) -> Contract:
    """The contract that a file's content describes."""
    columns, items = described["columns"].items(), described["key_items"].items()
    return Contract(
        feed,
        described["source"],
        described["description"],
        described["key"],
        tuple(
            Field(name, c["type"], c.get("required", False), c["description"], c.get("added", False), c)
            for name, c in columns
        ),
        described.get("event_date", ""),
        tuple(described["same_event"]),
        tuple(KeyItem(name, item.get("when", "TRUE"), item["source"], item.get("unknown", "")) for name, item in items),
        tuple(described.get("local_ids", ())),
        described["row"],
        described.get("department", described["source"]),
        described.get("rules", {}),
    )


def site_ids(contract: Contract, *, patients: bool) -> list[str]:
    """The columns whose ids are a site's own: keys of all feeds, local ids, and with `patients` those of patients."""
    keys = {read(feed).key for feed in FEEDS} - {"patient_id"}
    own = keys | {*contract.local_ids, *(contract.patient_columns if patients else ())}
    return [name for name in contract.names if name in own]


@cache
def sources() -> tuple[str, ...]:
    """The departments that send feeds, sorted."""
    return tuple(sorted({read(feed).source for feed in FEEDS}))
