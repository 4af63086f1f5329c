"""The rules of each feed: those that its contract asks for, then its YAML suite in Great Expectations' own words.

`file.yml` are the rules of every file, `warehouse.yml` those that look across feeds, `retired.yml` the rules that are
no more, `thresholds.csv` the numbers by which counts are judged. `./registry check` says what is wrong with them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.basics.errors import RegistryError
from include.definitions import contracts
from include.definitions.described import read_yaml
from include.definitions.expectations.generated import generated, words

FOLDER = Path(__file__).resolve().parents[2] / "expectations"
SUITES = (*contracts.FEEDS, "file", "warehouse")
LIFESPAN = ("patient_birth_date", "patient_death_date", "patient_earliest_death_date")
OF_KEYS = ("is_moved", "closes_cycle", "has_other_survivor")
"""What other rows make of a row: whose its key is, whether merges contradict it."""
SETTLED = (*LIFESPAN, *OF_KEYS)
"""What the record knows of a row, and may know otherwise later: the rules that look at it have the level lifespan."""
COMPUTED = {
    "analyte": ("test_code",),
    "code_known": ("test_code",),
    "unit_factor": ("test_code", "unit"),
    "batch_date": (),
    "is_moved": ("patient_id",),
    "closes_cycle": ("merged_patient_id", "surviving_patient_id"),
    "has_other_survivor": ("merged_patient_id", "surviving_patient_id"),
}
"""What the columns of `staged` that are in no extract are made of."""
NEEDED = ("missing", "unreadable", "itself", "cycle", "two_survivors")
"""What no person can declare right in a column that the contract requires."""
OWN = ("row", "cell")
"""Levels of the rules that look at a row by itself: a critical one sets the row aside, or its cell alone."""


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
        """Whether a row that fails it could live in the record as it came: its key, what the contract requires, and a
        value in the cell are there.
        """
        feed, column, problem = self.rule_id.split(".")
        if self.level == "cell":
            return problem != "unreadable"
        required = {field.name for field in contracts.read(feed).fields if field.required} if self.columns else {column}
        return not (column in required and problem in NEEDED)

    @property
    def meta(self) -> dict[str, Any]:
        """The registry's words: category, context, remedy, owner, since."""
        meta: dict[str, Any] = self.settings["meta"]
        return meta


def read_suite(name: str, folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules of a feed, of every file (`file`) or across feeds (`warehouse`), from another folder if one is given.

    Raises RegistryError REG-401 when the suite is wrong, or gives a rule an id that was retired or is taken.
    """
    return _read_suite(name, folder or FOLDER)


def read_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The living rules of all suites; raises RegistryError REG-401 as `read_suite` does."""
    rules = tuple(rule for suite in SUITES for rule in read_suite(suite, folder))
    refuse_taken("The suites", [rule.rule_id for rule in rules], frozenset())
    return rules


def overridable(rules: Iterable[Rule]) -> list[Rule]:
    """The rules that set rows aside unless a person declares the values right."""
    return [rule for rule in rules if rule.severity == "critical" and rule.can_be_overridden]


def own_rules(feed: str) -> list[Rule]:
    """The rules of a feed that look at a row by itself."""
    return [rule for rule in read_suite(feed) if rule.level in OWN]


def cells(feed: str) -> list[str]:
    """The columns of a feed whose cells can be set aside alone, in the contract's order."""
    told = {rule.rule_id.split(".")[1] for rule in read_suite(feed) if rule.level == "cell"}
    return [name for name in contracts.read(feed).names if name in told]


def forget_files() -> None:
    """Read the files again: a process reads each of them once."""
    _read_suite.cache_clear()
    read_retired.cache_clear()


@cache
def read_retired(folder: Path) -> tuple[dict[str, Any], ...]:
    """The rules that are no more, described as `reference.rule` has them."""
    try:
        entries: list[dict[str, Any]] = read_yaml(folder / "retired.yml")["retired"]
        refuse_taken("retired.yml", [entry["rule_id"] for entry in entries], frozenset())
        return tuple(entries)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RegistryError("REG-401", "retired.yml cannot be read; ./registry check says why.") from error


@cache
def _read_suite(name: str, folder: Path) -> tuple[Rule, ...]:
    try:
        suite = _suite_file(name, folder)
        entries = [*of_contract(name, folder), *suite["expectations"]]
        rules = tuple(rule_of(name, suite["meta"], settings) for settings in entries)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RegistryError("REG-401", f"The suite {name}.yml cannot be read; ./registry check says why.") from error
    retired = frozenset(entry["rule_id"] for entry in read_retired(folder))
    refuse_taken(f"The suite {name}.yml", [rule.rule_id for rule in rules], retired)
    return rules


def _suite_file(name: str, folder: Path) -> Any:
    """What the file of a suite says; a feed without one has no particular rules, and its contract has the words."""
    file = folder / f"{name}.yml"
    said = contracts.read(name).rules if name in contracts.FEEDS and not file.exists() else None
    return suite_of_words(name, said) if said else read_yaml(file)


def suite_of_words(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The suite of a feed whose contract has the words for all its rules."""
    return {"name": name, "meta": dict(said), "expectations": []}


def of_contract(name: str, folder: Path) -> list[dict[str, Any]]:
    """The entries of a suite that its feed's contract asks for; none of another suite."""
    if name not in contracts.FEEDS:
        return []
    return generated(contracts.read(name), words(folder))


def refuse_taken(where: str, ids: list[str], retired: frozenset[str]) -> None:
    """An id names one rule for ever: results of years ago are read by it."""
    if again := sorted(retired & set(ids)):
        raise RegistryError("REG-401", f"{where} must not use retired rule ids: {', '.join(again)}.")
    if twice := sorted(rule_id for rule_id, times in Counter(ids).items() if times > 1):
        raise RegistryError("REG-401", f"{where} must not use rule ids twice: {', '.join(twice)}.")


def rule_of(suite: str, common: dict[str, Any], settings: dict[str, Any]) -> Rule:
    """The rule of a suite's entry; what the entry's `meta` does not say, the suite's (`common`) does."""
    settings = {**settings, "meta": {**common, **settings["meta"]}}
    meta = settings["meta"]
    level = meta.get("level", "file" if suite == "file" else "row")
    return Rule(meta["rule_id"], settings["severity"], level, settings, _columns(suite, settings))


def _columns(suite: str, settings: dict[str, Any]) -> tuple[str, ...]:
    """The columns named by the expectation; `status` only where it is what the rule is about."""
    if suite not in contracts.FEEDS:
        return ()
    known = (*contracts.read(suite).names, *LIFESPAN)
    judged = named(settings)
    judged |= {source for word in judged & COMPUTED.keys() for source in COMPUTED[word]}
    return tuple(name for name in known if name in judged)


def named(settings: dict[str, Any]) -> set[str]:
    """The words of an expectation that may name the columns it is about; `status` only where it is about that.

    A code may be spelt as a column is.
    """
    judged = {key: value for key, value in settings["kwargs"].items() if key not in ("row_condition", "value_set")}
    words = {re.sub("_(readable|number|latest|precision)$", "", word) for word in re.findall(r"\w+", str(judged))}
    return words if judged.get("column") == "status" else words - {"status"}
