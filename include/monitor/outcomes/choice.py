"""Which analysis a reader wants to see, of those that the marts have."""

import csv
import math
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from include.warehouse import Warehouse
from include.warehouse.reference import FOLDER
from include.warehouse.sql import select_text

LANDMARK = "{}_landmark"
"""The stratification that has the groups of another one as they were at its landmark."""


@dataclass(frozen=True)
class Choice:
    """A survival analysis: one of the marts' keys."""

    endpoint: str = "os_treatment"
    rule: str = "study"
    criteria: str = "none"
    entry: str = "time zero"
    stratification: str = "all"
    ci_method: str = "log-log"

    @property
    def query(self) -> str:
        """The choice as a query string, the same one for the same choice."""
        return urlencode(asdict(self))


KEYS = tuple(field.name for field in fields(Choice))


class Offered:
    """What the marts have: every combination of keys, and the names of endpoints and stratifications for readers."""

    def __init__(self, warehouse: Warehouse) -> None:
        rows = warehouse.run(select_text("monitor/survival_choices")).mappings().all()
        self.labels = {**endpoints(), **{row["stratification"]: row["stratification_label"] for row in rows}}
        self._choices = {Choice(*(row[key] for key in KEYS)): None for row in rows}

    def options(self, name: str) -> list[str]:
        """The values of a key, in their order."""
        return list(dict.fromkeys(getattr(choice, name) for choice in self._choices))

    def nearest(self, wanted: Choice) -> Choice | None:
        """The analysis that agrees with the most important keys of what is wanted; None while there is none."""

        def agreement(choice: Choice) -> list[bool]:
            return [getattr(choice, key) == getattr(wanted, key) for key in KEYS]

        return wanted if wanted in self._choices else max(self._choices, key=agreement, default=None)

    def without_bias(self, choice: Choice) -> Choice | None:
        """The same analysis without immortal time: groups as of a landmark, or at risk from the entry on."""
        variants = (
            Choice(**{**asdict(choice), "stratification": LANDMARK.format(choice.stratification)}),
            Choice(**{**asdict(choice), "entry": "delayed"}),
        )
        return next((variant for variant in variants if variant != choice and variant in self._choices), None)


@cache
def endpoints() -> dict[str, str]:
    """What the endpoints are called, as the reference table has it."""
    with (FOLDER / "endpoint_label.csv").open(encoding="utf-8", newline="") as lines:
        return {row["endpoint"]: row["label"] for row in csv.DictReader(lines)}


def rows_of(warehouse: Warehouse, select: str, choice: Choice) -> pd.DataFrame:
    """The rows of a SELECT of include/sql/monitor for a choice; NaN where a value is missing."""
    text = select_text(f"monitor/{select}")
    parameters = {name: value for name, value in asdict(choice).items() if f":{name}" in text}
    result = warehouse.run(text, **parameters)
    frame = pd.DataFrame(result.tuples().all(), columns=list(result.keys()))
    return frame.where(frame.notna(), math.nan).infer_objects()


def dictionaries(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows, with None where a number is missing."""
    known = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(frame.columns, row, strict=True)) for row in known.itertuples(index=False)]
