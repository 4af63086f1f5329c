"""What each department sends: one YAML file a feed, read here and nowhere else.

Column types: text, date, timestamp (wall-clock time as written; an offset is dropped), decimal, integer, and measured
(text of a decimal number that may be led by <, <=, > or >=).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from include.described import read_yaml
from include.errors import RegistryError

FOLDER = Path(__file__).resolve().parent
FEEDS = (
    "patients",
    "visits",
    "treatments",
    "adverse_events",
    "reports",
    "procedures",
    "exams",
    "lesions",
    "results",
)
WAREHOUSE_TYPES = {
    "text": "text",
    "measured": "text",
    "date": "date",
    "timestamp": "timestamp",
    "decimal": "double",
    "integer": "integer",
}


@dataclass(frozen=True)
class Field:
    """A column of an extract."""

    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True)
class Contract:
    """A feed: its source, its key, its columns in the contract's order."""

    feed: str
    source: str
    description: str
    key: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(field.name for field in self.fields)

    @property
    def typed(self) -> tuple[Field, ...]:
        """The columns whose text has to be read as something else."""
        return tuple(field for field in self.fields if field.type != "text")


@cache
def read(feed: str) -> Contract:
    """The contract of a feed; raises RegistryError REG-401 when its file is wrong."""
    try:
        described = read_yaml(FOLDER / f"{feed}.yml")
        fields = tuple(
            Field(name, column["type"], column.get("required", False), column["description"])
            for name, column in described["columns"].items()
        )
        contract = Contract(feed, described["source"], described["description"], described["key"], fields)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RegistryError("REG-401", f"The contract {feed}.yml cannot be read.") from error
    if unknown := {field.type for field in fields} - WAREHOUSE_TYPES.keys():
        raise RegistryError("REG-401", f"The contract {feed}.yml has unknown types {sorted(unknown)}.")
    return contract


@cache
def sources() -> tuple[str, ...]:
    """The departments that send feeds, sorted."""
    return tuple(sorted({read(feed).source for feed in FEEDS}))
