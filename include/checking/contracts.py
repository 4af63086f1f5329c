"""Checks the contracts: one file a feed, its columns, their types, its key."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from include.checking.problem import Folders, Problem, name_of
from include.checking.reading import fit, parse
from include.contracts import FEEDS

EVERY_FEED = {"patient_id", "status"}
"""Columns without which a row belongs to nobody, or cannot be withdrawn."""


class Column(BaseModel):
    """A column of an extract."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["text", "measured", "date", "timestamp", "decimal", "integer"]
    required: bool = False
    description: str


class ContractFile(BaseModel):
    """A contract as its file has it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    description: str
    source: str
    key: str
    columns: dict[str, Column]


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
    problems = [
        Problem(file, name, "", "is missing among the columns") for name in EVERY_FEED - contract.columns.keys()
    ]
    if contract.key not in contract.columns:
        problems.append(Problem(file, "", "key", f"{contract.key} is no column of the contract"))
    elif not contract.columns[contract.key].required:
        problems.append(Problem(file, contract.key, "required", "has to be true: it is the key"))
    return problems


def _unread(folders: Folders) -> list[Problem]:
    """Contracts that nothing reads, and feeds whose rules are not there."""
    problems = [
        Problem(name_of(file), "", "", "is read by nobody: name the feed in FEEDS (include/contracts/__init__.py)")
        for file in sorted(folders.contracts.glob("*.yml"))
        if file.stem not in FEEDS
    ]
    suites = {file.stem for file in folders.expectations.glob("*.yml")}
    return problems + [
        Problem(f"{folders.contracts.name}/{feed}.yml", "", "", f"the feed has no suite {feed}.yml in expectations")
        for feed in FEEDS
        if feed not in suites
    ]
