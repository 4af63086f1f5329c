"""Checks the contracts: one file a feed, its columns, their types, its key."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from include.definitions.checking.problem import Folders, Problem, name_of
from include.definitions.checking.reading import fit, parse
from include.definitions.contracts import FEEDS

MERGING = {"merged_patient_id", "surviving_patient_id"}
"""Columns of a feed that tells of two patients instead of one."""


class Column(BaseModel):
    """A column of an extract."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["text", "measured", "bounded", "date", "partial_date", "timestamp", "decimal", "integer"]
    required: bool = False
    added: bool = False
    description: str


class KeyItem(BaseModel):
    """A column whose completeness is counted."""

    model_config = ConfigDict(extra="forbid", strict=True)

    when: str = ""
    source: str


class ContractFile(BaseModel):
    """A contract as its file has it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    description: str
    source: str
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
    for feed in FEEDS:
        file = folders.contracts / f"{feed}.yml"
        content, wrong = parse(file)
        contract, misfits = (None, []) if wrong else fit(ContractFile, content, file)
        problems += [*wrong, *misfits]
        if contract:
            good[feed] = contract
            problems += _keys(name_of(file), contract)
    return good, [*problems, *_unread(folders)]


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
    if contract.key not in contract.columns:
        problems.append(Problem(file, "", "key", f"{contract.key} is no column of the contract"))
    elif not contract.columns[contract.key].required:
        problems.append(Problem(file, contract.key, "required", "has to be true: it is the key"))
    return problems


def _unread(folders: Folders) -> list[Problem]:
    """Contracts that nothing reads, and feeds whose rules are not there."""
    problems = [
        Problem(
            name_of(file),
            "",
            "",
            "is read by nobody: name the feed in FEEDS (include/definitions/contracts/__init__.py)",
        )
        for file in sorted(folders.contracts.glob("*.yml"))
        if file.stem not in FEEDS
    ]
    suites = {file.stem for file in folders.expectations.glob("*.yml")}
    return problems + [
        Problem(f"{folders.contracts.name}/{feed}.yml", "", "", f"the feed has no suite {feed}.yml in expectations")
        for feed in FEEDS
        if feed not in suites
    ]
