"""Checks the form of the suites: their keys and words, and the ids of their rules, living and retired."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from include.definitions.checking.contracts import ContractFile, has_rules
from include.definitions.checking.problem import Folders, Problem, name_of
from include.definitions.checking.reading import fit, parse
from include.definitions.checking.words import Context, Sentence, Severity
from include.definitions.contracts import contract_of
from include.definitions.described import read_yaml
from include.definitions.expectations import SUITES, Rule, suite_of_words
from include.definitions.expectations.generated import generated, words

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+$")]
Category = Literal["conformance", "completeness", "plausibility"]
Level = Literal["row", "cell", "lifespan", "file", "warehouse"]


class Strict(BaseModel):
    """Knows its keys and takes no value for another type's."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Common(Strict):
    """What a suite says for all its rules."""

    owner: str | None = None
    since: str | None = None
    context: Context | None = None
    level: Level | None = None


class Meta(Strict):
    """The registry's words about a rule, the suite's filled in."""

    rule_id: RuleId
    category: Category
    context: Context
    remedy: Sentence
    owner: str
    since: str
    level: Level = "row"
    row_because: Sentence | None = None
    source: str | None = None


class Entry(Strict):
    """A rule as its suite has it."""

    type: str
    kwargs: dict[str, Any]
    severity: Severity
    description: Sentence
    meta: Meta


class SuiteFile(Strict):
    """A suite; its rules are looked at one by one."""

    name: str
    meta: Common
    expectations: list[dict[str, Any]]


class Retired(Strict):
    """A rule that is no more."""

    rule_id: RuleId
    feed: str
    column_name: str
    level: Level
    severity: Severity
    category: Category
    context: Context
    description: Sentence
    remedy: Sentence
    owner: str
    since_version: str
    retired_version: str
    replaced_by: RuleId | None = None


class RetiredFile(Strict):
    """The rules that are no more."""

    retired: list[dict[str, Any]]


@dataclass(frozen=True)
class Living:
    """A rule of the right form, its suite and the name of its file."""

    suite: str
    file: str
    rule: Rule


def check_suites(folders: Folders, contracts: Mapping[str, ContractFile]) -> tuple[list[Living], list[Problem]]:
    """The rules that have the right form, and what is wrong with any suite or id.

    `contracts` are the feeds whose contracts have the right form: those ask for rules as well.
    """
    living: list[Living] = []
    problems: list[Problem] = []
    for suite in SUITES:
        file = folders.expectations / f"{suite}.yml"
        if suite not in contracts and not file.exists() and has_rules(folders, suite):
            continue
        good, wrong = _check_suite(folders, suite, contracts.get(suite))
        living, problems = [*living, *good], [*problems, *wrong]
    retired, wrong = _check_retired(folders)
    return living, [*problems, *wrong, *_check_ids(living, retired)]


def _check_suite(folders: Folders, name: str, contract: ContractFile | None) -> tuple[list[Living], list[Problem]]:
    file = folders.expectations / f"{name}.yml"
    content, problems = _content(file, contract)
    suite, misfits = (None, []) if problems else fit(SuiteFile, content, file)
    living: list[Living] = []
    written = [(file, settings) for settings in suite.expectations] if suite else []
    asked = _asked(folders, name) if suite and contract else []
    for number, (place, settings) in enumerate([*asked, *written], start=1 - len(asked)):
        rule, wrong = _check_entry(content["meta"], settings, place, f"expectation {number}")
        misfits += wrong
        if rule:
            living.append(Living(name, name_of(place), rule))
    if suite and suite.name != name:
        misfits.append(Problem(name_of(file), "", "name", f"has to be {name}, as the file's"))
    return living, [*problems, *misfits]


def _content(file: Path, contract: ContractFile | None) -> tuple[Any, list[Problem]]:
    """What a suite says; without a file what the contract says for all its rules."""
    if contract and contract.rules and not file.exists():
        return suite_of_words(file.stem, contract.rules.model_dump()), []
    return parse(file)


def _asked(folders: Folders, feed: str) -> list[tuple[Path, dict[str, Any]]]:
    """The rules that a contract asks for, and its file."""
    file = folders.contracts / f"{feed}.yml"
    contract = contract_of(feed, read_yaml(file))
    return [(file, settings) for settings in generated(contract, words(folders.expectations))]


def _check_entry(
    common: dict[str, Any], settings: dict[str, Any], file: Any, number: str
) -> tuple[Rule | None, list[Problem]]:
    own = settings.get("meta")
    if isinstance(own, dict):
        settings = {**settings, "meta": {**common, **own}}
        number = str(own.get("rule_id", number))
    entry, problems = fit(Entry, settings, file, number)
    if entry is None:
        return None, problems
    return Rule(entry.meta.rule_id, entry.severity, entry.meta.level, settings), problems


def _check_retired(folders: Folders) -> tuple[list[Retired], list[Problem]]:
    file = folders.expectations / "retired.yml"
    content, problems = parse(file)
    listed, misfits = (None, []) if problems else fit(RetiredFile, content, file)
    retired: list[Retired] = []
    for number, described in enumerate(listed.retired if listed else [], start=1):
        entry, wrong = fit(Retired, described, file, str(described.get("rule_id", f"entry {number}")))
        misfits += wrong
        if entry:
            retired.append(entry)
    return retired, [*problems, *misfits]


def _check_ids(living: list[Living], retired: list[Retired]) -> list[Problem]:
    """An id names one rule for ever."""
    gone = {entry.rule_id for entry in retired}
    known = {one.rule.rule_id for one in living} | gone
    times = Counter(one.rule.rule_id for one in living)
    problems = []
    for one in living:
        if one.rule.rule_id in gone:
            problems.append(
                Problem(one.file, one.rule.rule_id, "rule_id", "was retired; it is never given to another rule")
            )
        if times[one.rule.rule_id] > 1:
            problems.append(Problem(one.file, one.rule.rule_id, "rule_id", "names more than one rule"))
    for rule_id, uses in Counter(entry.rule_id for entry in retired).items():
        if uses > 1:
            problems.append(Problem("expectations/retired.yml", rule_id, "rule_id", "was retired more than once"))
    return problems + [
        Problem("expectations/retired.yml", entry.rule_id, "replaced_by", f"there is no rule {entry.replaced_by}")
        for entry in retired
        if entry.replaced_by not in {None, *known}
    ]
