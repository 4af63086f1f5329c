"""Checks the form of the suites: their keys and words, and the ids of their rules, living and retired."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from include.definitions.checking.problem import Folders, Problem, name_of
from include.definitions.checking.reading import fit, parse
from include.definitions.expectations import SUITES, Rule


def _sentence(text: str) -> str:
    if not text.endswith("."):
        raise ValueError("has to be a sentence that ends with a full stop")
    return text


Sentence = Annotated[str, AfterValidator(_sentence)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+$")]
Severity = Literal["critical", "warning", "info"]
Category = Literal["conformance", "completeness", "plausibility"]
Context = Literal["verification", "validation"]
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


def check_suites(folders: Folders) -> tuple[list[Living], list[Problem]]:
    """The rules that have the right form, and what is wrong with any suite or id."""
    living: list[Living] = []
    problems: list[Problem] = []
    for suite in SUITES:
        good, wrong = _check_suite(folders, suite)
        living, problems = [*living, *good], [*problems, *wrong]
    retired, wrong = _check_retired(folders)
    return living, [*problems, *wrong, *_check_ids(living, retired)]


def _check_suite(folders: Folders, name: str) -> tuple[list[Living], list[Problem]]:
    file = folders.expectations / f"{name}.yml"
    content, problems = parse(file)
    suite, misfits = (None, []) if problems else fit(SuiteFile, content, file)
    living: list[Living] = []
    for number, settings in enumerate(suite.expectations if suite else [], start=1):
        rule, wrong = _check_entry(content["meta"], settings, file, f"expectation {number}")
        misfits += wrong
        if rule:
            living.append(Living(name, name_of(file), rule))
    if suite and suite.name != name:
        misfits.append(Problem(name_of(file), "", "name", f"has to be {name}, as the file's"))
    return living, [*problems, *misfits]


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
