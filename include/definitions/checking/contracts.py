"""Checks the contracts: one file a feed, its columns, their types, its key."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from include.definitions.checking.problem import Folders, Problem, name_of
from include.definitions.checking.reading import fit, parse
from include.definitions.checking.words import Context, Sentence, Severity
from include.definitions.contracts import FEEDS, NAME, is_taken

Problems = Literal["missing", "unknown_code", "unreadable", "in_future", "before_birth", "after_death", "impossible"]
Name = Annotated[str, StringConstraints(min_length=1)]
OF_NO_FEED = ("file", "generated", "retired", "warehouse")
"""What else lies beside the feeds' suites."""
MERGING = {"merged_patient_id", "surviving_patient_id"}
"""Columns of a feed that tells of two patients instead of one."""


class Said(BaseModel):
    """Words of a rule in the place of those that generated.yml has."""

    model_config = ConfigDict(extra="forbid", strict=True)

    description: Sentence | None = None
    remedy: Sentence | None = None


class Column(BaseModel):
    """A column of an extract."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["text", "measured", "bounded", "date", "partial_date", "timestamp", "decimal", "integer"]
    required: bool = False
    added: bool = False
    description: str
    values: list[str] | None = None
    between: list[float] | None = None
    lifespan: dict[Literal["before_birth", "after_death"], Severity] = {}
    future: bool = False
    row_because: Sentence | None = None
    called: str = ""
    source: str = ""
    context: Context | None = None
    since: str = ""
    said: dict[Problems, Said] = {}

    def asked(self) -> set[str]:
        """The problems that its rules are about."""
        is_day = self.type in ("date", "partial_date", "timestamp")
        asks = {
            "missing": self.required,
            "unknown_code": self.values is not None,
            "unreadable": self.type != "text",
            "in_future": is_day and not self.future,
            "impossible": self.between is not None,
            "partial": self.type == "partial_date",
            "day_only": self.type == "timestamp",
        }
        return {problem for problem, is_asked in asks.items() if is_asked} | {*self.lifespan}

    def wrong(self) -> Iterator[tuple[str, str]]:
        """Keys that do not go with the others, and why."""
        is_day = self.type in ("date", "partial_date", "timestamp")
        if self.values is not None and (self.type != "text" or len(self.values) < 2):
            yield "values", "are two codes of a text, or more"
        if self.between is not None:
            if self.type not in ("decimal", "integer", "bounded"):
                yield "between", "is said of a number"
            elif len(self.between) != 2 or self.between[0] >= self.between[1]:
                yield "between", "is the lowest and the highest possible number"
        if (self.lifespan or self.future) and not is_day:
            yield "lifespan" if self.lifespan else "future", "is said of a date or a timestamp"
        if (self.source or self.context) and not self.asked() & {"unknown_code", "impossible"}:
            yield "source" if self.source else "context", "is of values or between, which are not said"
        if self.row_because and self.required:
            yield "row_because", "is said where the column is required: no cell could be set aside alone"
        for problem in sorted(self.said.keys() - self.asked()):
            yield f"said.{problem}", "are words of a rule that the column does not ask for"


class KeyItem(BaseModel):
    """A column whose completeness is counted."""

    model_config = ConfigDict(extra="forbid", strict=True)

    when: str = ""
    unknown: str = ""
    source: str


class Rules(BaseModel):
    """What a feed without a suite says for all its rules."""

    model_config = ConfigDict(extra="forbid", strict=True)

    owner: str
    since: str
    context: Context


class ContractFile(BaseModel):
    """A contract as its file has it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    description: str
    source: str
    row: Name
    department: str = ""
    rules: Rules | None = None
    key: str
    event_date: str = ""
    same_event: list[str]
    local_ids: list[str] = []
    key_items: dict[str, KeyItem]
    columns: dict[str, Column]

    def named(self) -> list[tuple[str, str]]:
        """Where a column is named, and which."""
        places = [("event_date", self.event_date)] if self.event_date else []
        places += [("same_event", name) for name in self.same_event]
        places += [("local_ids", name) for name in self.local_ids]
        return places + [("key_items", name) for name in self.key_items]


def check_contracts(folders: Folders) -> tuple[dict[str, ContractFile], list[Problem]]:
    """The contracts that have the right form, by feed, and what is wrong with any."""
    good: dict[str, ContractFile] = {}
    problems: list[Problem] = []
    feeds = dict.fromkeys((*FEEDS, *sorted(file.stem for file in folders.contracts.glob("*.yml"))))
    for feed in feeds:
        file = folders.contracts / f"{feed}.yml"
        content, wrong = parse(file)
        contract, misfits = (None, []) if wrong else fit(ContractFile, content, file)
        problems += [*wrong, *misfits, *_named(file)]
        if contract:
            good[feed] = contract
            problems += _keys(name_of(file), contract)
    return good, [*problems, *_suites(folders, feeds)]


def _keys(file: str, contract: ContractFile) -> list[Problem]:
    named = {"status", *(MERGING if MERGING & contract.columns.keys() else {"patient_id"})}
    problems = [Problem(file, name, "", "is missing among the columns") for name in named - contract.columns.keys()]
    problems += [
        Problem(file, "", place, f"{name} is no column of the contract")
        for place, name in contract.named()
        if name not in contract.columns
    ]
    problems += [
        Problem(file, name, "added", "cannot be required: older files lack the column")
        for name, column in contract.columns.items()
        if column.added and column.required
    ]
    problems += [
        Problem(file, name, key, what) for name, column in contract.columns.items() for key, what in column.wrong()
    ]
    if contract.key not in contract.columns:
        problems.append(Problem(file, "", "key", f"{contract.key} is no column of the contract"))
    elif not contract.columns[contract.key].required:
        problems.append(Problem(file, contract.key, "required", "has to be true: it is the key"))
    if contract.key != "patient_id" and "patient_id" in contract.columns.keys() - {*contract.same_event}:
        problems.append(Problem(file, "", "same_event", "has to name patient_id: an event is a patient's"))
    return problems


def _named(file: Path) -> list[Problem]:
    """Whether a contract's file is called as a feed can be."""
    if is_taken(file.stem) or file.stem in OF_NO_FEED:
        return [Problem(name_of(file), "", "", "has the name of a table or suite of the platform: give another one")]
    if NAME.fullmatch(file.stem):
        return []
    what = "is read by nobody: call it as the feed, in lower case letters, digits and _"
    return [Problem(name_of(file), "", "", what)]


def _suites(folders: Folders, feeds: Mapping[str, None]) -> list[Problem]:
    """Feeds whose rules are not there or said twice, and rules without a feed: its rows would be received no more."""
    suites = {file.stem for file in folders.expectations.glob("*.yml")}
    said = {feed for feed in feeds if has_rules(folders, feed)}
    told = [(feed, "", f"the feed has no suite {feed}.yml in expectations") for feed in feeds.keys() - suites - said]
    told += [(feed, "rules", f"are said by the suite {feed}.yml, too: say them in one place") for feed in suites & said]
    return [
        *(Problem(f"{folders.contracts.name}/{feed}.yml", "", key, what) for feed, key, what in sorted(told)),
        *(
            Problem(
                f"{folders.expectations.name}/{suite}.yml", "", "", f"the suite has no feed {suite}.yml in contracts"
            )
            for suite in sorted(suites - {*feeds, *OF_NO_FEED})
        ),
    ]


def has_rules(folders: Folders, feed: str) -> bool:
    """Whether a contract, right or wrong, says something for all its rules."""
    content, _ = parse(folders.contracts / f"{feed}.yml")
    return isinstance(content, dict) and bool(content.get("rules"))
