"""A draft of a profile from files: what the columns may be, to be confirmed by a person."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from include.definitions import contracts
from include.definitions.contracts import Contract
from include.definitions.described import read_yaml
from include.definitions.expectations import own_rules
from include.people.sites.guessing import Sample, sample_of

WORDS = read_yaml(Path(__file__).with_name("words.yml"))


@dataclass
class Draft:
    """A proposed profile: the profile as YAML would have it, its code lists, and what a person has to look at."""

    site: str
    profile: dict[str, Any]
    lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The profile as a file."""
        asked = "".join(f"# ? {question}\n" for question in self.questions)
        return asked + yaml.safe_dump(self.profile, sort_keys=False, allow_unicode=True, width=120)

    def as_json(self) -> dict[str, Any]:
        """The draft as plain values."""
        return asdict(self)

    def write(self, folder: Path) -> None:
        """Write profile and lists; `decided_by` stays empty, so that the check refuses them until a person fills it."""
        (folder / self.site).mkdir(parents=True, exist_ok=True)
        (folder / f"{self.site}.yml").write_text(self.text, encoding="utf-8")
        for name, codes in self.lists.items():
            lines = io.StringIO()
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(("local", "standard", "valid_from", "valid_to", "decided_by"))
            writer.writerows((local, standard, "", "", "") for local, standard in codes)
            (folder / self.site / name).write_text(lines.getvalue(), encoding="utf-8")


def draft(site: str, files: Sequence[Path]) -> Draft:
    """The draft for some files; raises RegistryError REG-301 when one cannot be read."""
    drafted = Draft(site, {"site": site, "patients": "local", "timezone": "Europe/Paris", "exports": []})
    drafted.questions += [
        "patients: local (ids of the site's own) or registry (the registry's pseudonyms)?",
        "timezone",
    ]
    for file in files:
        sample = sample_of(file)
        drafted.questions += [f"{file.name}: {said}" for said in sample.questions]
        drafted.profile["exports"].append(_export(drafted, sample))
    return drafted


def _export(drafted: Draft, sample: Sample) -> dict[str, Any]:
    if not sample.columns:
        return (
            {"feed": sample.feeds[0], **sample.written}
            if len(sample.feeds) == 1
            else {"feeds": sample.feeds, **sample.written}
        )
    contract, named = max((_named(feed, sample) for feed in contracts.FEEDS), key=lambda found: _worth(*found))
    columns = {name: _column(drafted, sample, contract, name, taken) for name, taken in named.items()}
    unused = [column for column in sample.columns if not any(column in taken for taken in named.values())]
    missing = [one.name for one in contract.fields if one.required and one.name not in columns]
    drafted.questions += [f"{contract.feed}.{name} is required: which column is it?" for name in missing]
    export = {"feed": contract.feed, **sample.written, "columns": columns}
    return export | ({"ignored": unused} if unused else {})


def _named(feed: str, sample: Sample) -> tuple[Contract, dict[str, list[str]]]:
    """The contract's columns with the file's columns that sound like them."""
    contract = contracts.read(feed)
    found: dict[str, list[str]] = {}
    for column in sample.columns:
        name = next((name for name in contract.names if plain(column) in WORDS["columns"].get(name, (name,))), None)
        if name and (name not in found or contract_type(contract, name) == "timestamp"):
            found.setdefault(name, []).append(column)
    return contract, found


def _worth(contract: Contract, named: dict[str, list[str]]) -> float:
    required = [one.name for one in contract.fields if one.required]
    return sum(name in named for name in required) / len(required) + len(named) / 100


def contract_type(contract: Contract, name: str) -> str:
    """The type of a column of a contract."""
    return next(one.type for one in contract.fields if one.name == name)


def _column(drafted: Draft, sample: Sample, contract: Contract, name: str, taken: list[str]) -> Any:
    origin: Any = taken[0] if len(taken) == 1 else taken
    if name in ("test_code", "unit"):
        return {"from": origin, "codes": _listed(drafted, sample, name, taken[0])}
    known = _values(contract.feed, name)
    if known and (words := _words(drafted, sample, contract, name, taken[0], known)):
        return {"from": origin, "map": words}
    return origin


def _listed(drafted: Draft, sample: Sample, name: str, column: str) -> str:
    """A code list of what stands in the column, with proposals where a word is known."""
    file = {"test_code": "loinc.csv", "unit": "units.csv"}[name]
    proposed = (
        {word: code for code, words in WORDS["analytes"].items() for word in words} if name == "test_code" else {}
    )
    known = dict(drafted.lists.get(file, []))
    for value in sample.values(column):
        known.setdefault(value, proposed.get(plain(value), ""))
    drafted.lists[file] = sorted(known.items())
    drafted.questions.append(f"{file}: confirm each line of {column} and write who decided")
    return file


def _words(
    drafted: Draft, sample: Sample, contract: Contract, name: str, column: str, known: Sequence[str]
) -> dict[str, str]:
    words: dict[str, str] = {}
    for value, count in sample.values(column).items():
        meant = next(
            (one for one in known if plain(value) in (plain(one), *map(str, WORDS["values"].get(one, ())))), None
        )
        if meant is None:
            drafted.questions.append(f"{contract.feed}.{name}: what does {value!r} ({count} rows) mean?")
        elif meant != value:
            words[value] = meant
    return words


def _values(feed: str, column: str) -> list[str]:
    """The words that the contract knows in a column."""
    found = (rule for rule in own_rules(feed) if rule.rule_id == f"{feed}.{column}.unknown_code")
    return [str(value) for rule in found for value in rule.settings["kwargs"].get("value_set", ())]


def plain(text: str) -> str:
    """A text without accents, capitals and signs."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("n°", "no ").replace("nº", "no "))
    return " ".join(
        "".join(one if one.isalnum() or one == "_" else " " for one in bare if not unicodedata.combining(one)).split()
    )
