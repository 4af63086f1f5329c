"""The rules of each feed: one YAML suite a feed, in Great Expectations' own words, read here and nowhere else.

`file.yml` are the rules of every file, `warehouse.yml` those that look across feeds, `retired.yml` the ids of rules
that are no more, `thresholds.csv` the numbers by which counts are judged.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include import contracts
from include.described import read_yaml
from include.errors import RegistryError

FOLDER = Path(__file__).resolve().parent
LIFESPAN = ("patient_birth_date", "patient_death_date")
COMPUTED = {
    "analyte": ("test_code",),
    "unit_known": ("test_code", "unit"),
    "value_canonical": ("test_code", "value", "unit"),
    "batch_date": (),
}
"""What the columns of `staged` that are in no extract are made of."""
NEEDED = ("missing", "unreadable")
"""What no person can declare right in a column that the contract requires."""


@dataclass(frozen=True)
class Rule:
    """An expectation with the registry's words about it; `settings` is what Great Expectations is given.

    `columns` are those whose values it judges: the contract's, and the patient's birth and death.
    """

    rule_id: str
    severity: str
    level: str
    settings: dict[str, Any]
    columns: tuple[str, ...] = ()

    @property
    def can_be_overridden(self) -> bool:
        """Whether a row that fails it could live in the record: it has its key, and what the contract requires."""
        feed, column, problem = self.rule_id.split(".")
        required = {field.name for field in contracts.read(feed).fields if field.required} if self.columns else {column}
        return not (column in required and problem in NEEDED)

    @property
    def meta(self) -> dict[str, Any]:
        """The registry's words: category, context, remedy, owner, since."""
        meta: dict[str, Any] = self.settings["meta"]
        return meta


@cache
def read_suite(name: str) -> tuple[Rule, ...]:
    """The rules of a feed, or of every file (`file`); raises RegistryError REG-401 when the suite is wrong."""
    try:
        suite = read_yaml(FOLDER / f"{name}.yml")
        return tuple(_rule(name, suite["meta"], settings) for settings in suite["expectations"])
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RegistryError("REG-401", f"The suite {name}.yml cannot be read.") from error


def _rule(suite: str, common: dict[str, Any], settings: dict[str, Any]) -> Rule:
    settings = {**settings, "meta": {**common, **settings["meta"]}}
    meta = settings["meta"]
    return Rule(meta["rule_id"], settings["severity"], meta.get("level", "row"), settings, _columns(suite, settings))


def _columns(suite: str, settings: dict[str, Any]) -> tuple[str, ...]:
    """The columns named by the expectation; `status` only where it is what the rule is about."""
    if suite not in contracts.FEEDS:
        return ()
    known = (*contracts.read(suite).names, *LIFESPAN)
    judged = {key: value for key, value in settings["kwargs"].items() if key != "row_condition"}
    words = {word.removesuffix("_readable").removesuffix("_number") for word in re.findall(r"\w+", str(judged))}
    words |= {source for word in words & COMPUTED.keys() for source in COMPUTED[word]}
    if judged.get("column") != "status":
        words.discard("status")
    return tuple(name for name in known if name in words)
