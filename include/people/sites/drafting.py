"""A draft of a profile from files: what the columns may be, to be confirmed by a person."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from include.basics.visible import visible
from include.definitions import contracts
from include.definitions.checking.sites import UNDECIDED
from include.definitions.contracts import Contract
from include.definitions.expectations import own_rules
from include.people.sites.dialects import has_clock, is_clock
from include.people.sites.guessing import Sample, samples_of
from include.people.sites.looking import described, may_name_persons, words_of
from include.people.sites.naming import WORDS, is_known, meant, names_person, plain, unit_in
from include.people.sites.wide import LIST, tests_of, wide_columns, wide_rows
from include.pipeline.formats.quantities import factors, unit_of

LISTS = {"test_code": LIST, "unit": "units.csv"}
NEAR, MOST = 0.6, 40
"""Share of what speaks for the best contract that makes another one near; how many words of a column are quoted."""


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
        asked = "".join(f"# ? {visible(question)}\n" for question in self.questions)
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
    drafted = Draft(site, {"site": site, "patients": "local", "exports": []})
    drafted.questions += [
        "patients: local (ids of the site's own) or registry (the registry's pseudonyms)?",
        "timezone: such as Europe/Paris, where times have an offset",
    ]
    for file, sample in _different(files):
        drafted.questions += [f"{file.name}: {said}" for said in sample.questions]
        drafted.profile["exports"].append(_export(drafted, sample))
    return drafted


def _different(files: Sequence[Path]) -> Iterable[tuple[Path, Sample]]:
    """The files' samples; of several that one export would read alike the first, of records with the feeds of all."""
    found: dict[str, tuple[Path, Sample]] = {}
    for file in files:
        for sample in samples_of(file):
            first = found.setdefault(repr((sample.written, sample.columns)), (file, sample))[1]
            first.feeds += [feed for feed in sample.feeds if feed not in first.feeds]
    return found.values()


def _export(drafted: Draft, sample: Sample) -> dict[str, Any]:
    if not sample.columns:
        return {**_feed(drafted, *sample.feeds), **sample.written}
    personal = _personal(drafted, sample)
    if not sample.has_names:
        return _by_place(drafted, sample, personal)
    if tests := tests_of([column for column in sample.columns if column not in personal]):
        return _wide(drafted, sample, personal, tests)
    contract, named = _best(drafted, sample, personal)
    named = _timed(sample, contract, named)
    if not named.keys() - {"patient_id", "status"}:
        return _unknown(drafted, sample, personal)
    secret = {cell for column in (*personal, *named.get("patient_id", ())) for cell in sample.cells[column]}
    columns = {name: _column(drafted, sample, contract, name, taken, secret) for name, taken in named.items()}
    taken_columns = {*personal, *(column for taken in named.values() for column in taken)}
    unused = [column for column in sample.columns if column not in taken_columns]
    columns |= _undecided(drafted, sample, unused)
    _ask_of_key(drafted, sample, contract, named)
    return _finished(drafted, contract, {**sample.written, "columns": columns}, personal)


def _ask_of_key(drafted: Draft, sample: Sample, contract: Contract, named: Mapping[str, list[str]]) -> None:
    """A key that comes again may count within something else, such as a patient."""
    for column in named.get(contract.key, [])[:1]:
        rows, texts = len(sample.cells[column]), len({*sample.cells[column]})
        if texts < rows:
            drafted.questions.append(
                f"{contract.feed}.{contract.key}: {column} has {texts} texts in {rows} rows, and a key counts once; "
                f'what tells rows apart? (from: [..., {column}], join: "|")'
            )


def _timed(sample: Sample, contract: Contract, named: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same, with the columns that make a time together."""
    return {
        name: _of_time(sample, named, taken) if contract_type(contract, name) == "timestamp" else taken
        for name, taken in named.items()
    }


def _of_time(sample: Sample, named: Mapping[str, list[str]], taken: list[str]) -> list[str]:
    """The columns that are a time together: one that has day and time, else a day, and the one column of times."""
    if whole := [column for column in taken if has_clock(sample.cells[column])]:
        return whole[:1]
    others = {column for columns in named.values() for column in columns} - {*taken}
    clocks = [column for column in sample.columns if column not in others and is_clock(sample.cells[column])]
    days = [column for column in taken if column not in clocks]
    return [*days[:1], *clocks] if len(clocks) == 1 else days or taken


def _undecided(drafted: Draft, sample: Sample, unused: list[str]) -> dict[str, list[str]]:
    """The columns of which a person says what they are: they may name somebody."""
    drafted.questions += [
        f"{column} ({described(sample.cells[column])}): name it in columns, personal or ignored" for column in unused
    ]
    return {UNDECIDED: unused} if unused else {}


def _personal(drafted: Draft, sample: Sample) -> list[str]:
    """Columns that name a person, by their name or by what stands in them; REDCap's own say what kind of row it is."""
    named = [column for column in sample.columns if sample.has_names and names_person(column)]
    looking = [
        column
        for column in sample.columns
        if column not in named
        and not is_known(column)
        and not column.startswith("redcap_")
        and may_name_persons(sample.cells[column])
    ]
    drafted.questions += [f"{column}: does it name persons? If not, it is not personal" for column in looking]
    return [*named, *looking]


def _by_place(drafted: Draft, sample: Sample, personal: list[str]) -> dict[str, Any]:
    """An export of a table without names, of which a person says what the columns are."""
    drafted.questions.append(
        "no row of names is seen (header_row: 0): what is each column? Where there is one, header_row says which"
    )
    drafted.questions += [
        f"{column} ({described(sample.cells[column])})" for column in sample.columns if column not in personal
    ]
    return _unknown(drafted, sample, personal)


def _unknown(drafted: Draft, sample: Sample, personal: list[str]) -> dict[str, Any]:
    """An export of a table whose names tell no feed; a column for each test is such a one."""
    drafted.questions.append("which feed is it? Columns that are a test each become rows: rows, unpivot")
    unused = [column for column in sample.columns if column not in personal] if sample.has_names else []
    export = {**_feed(drafted, UNDECIDED), **sample.written, "columns": _undecided(drafted, sample, unused)}
    return export | ({"personal": personal} if personal else {})


def _wide(drafted: Draft, sample: Sample, personal: list[str], tests: Mapping[str, str]) -> dict[str, Any]:
    """An export of a table with a column for each test."""
    others = [column for column in sample.columns if column not in (*personal, *tests)]
    contract, named = _named("results", others)
    named = _timed(sample, contract, named)
    named = {name: taken for name, taken in named.items() if name not in ("test_code", "test_name", "value", "unit")}
    drafted.lists[LIST] = sorted({**dict(drafted.lists.get(LIST, ())), **tests}.items())
    drafted.questions += [
        f"columns of tests become rows (unpivot): {', '.join(tests)}; are there more?",
        f"{LIST}: confirm each line and write who decided",
        "results.unit: in which unit is each test?",
    ]
    columns = wide_columns(list(tests), named)
    unused = [column for column in others if not any(column in taken for taken in named.values())]
    columns |= _undecided(drafted, sample, unused)
    return _finished(
        drafted, contract, {**sample.written, "columns": columns, "rows": wide_rows(list(tests))}, personal
    )


def _finished(drafted: Draft, contract: Contract, written: dict[str, Any], personal: list[str]) -> dict[str, Any]:
    """The export with its feed, and the columns that name persons; asks for the columns that it lacks."""
    missing = [one.name for one in contract.fields if one.required and one.name not in written["columns"]]
    drafted.questions += [f"{contract.feed}.{name} is required: which column is it?" for name in missing]
    export = {**_feed(drafted, contract.feed), **written}
    return export | ({"personal": personal} if personal else {})


def _best(drafted: Draft, sample: Sample, personal: list[str]) -> tuple[Contract, dict[str, list[str]]]:
    """The contract whose columns the file's names sound most like; others that are near are asked about."""
    columns = [column for column in sample.columns if column not in personal]
    found = sorted((_named(feed, columns) for feed in contracts.FEEDS), key=lambda one: _worth(*one), reverse=True)
    close = [one for one in found[1:] if _worth(*one) > _worth(*found[0]) * NEAR]
    near = [f"{contract.feed} ({len(named)} columns)" for contract, named in close]
    said = f", or {' or '.join(near)}" if near else ""
    drafted.questions.append(f"feed: {found[0][0].feed} ({len(found[0][1])} columns sound like its){said}?")
    return found[0]


def _feed(drafted: Draft, *feeds: str) -> dict[str, Any]:
    """The feeds of an export, with a name where another export has the same."""
    said: dict[str, Any] = {"feed": feeds[0]} if len(feeds) == 1 else {"feeds": [*feeds]}
    earlier = sum(1 for export in drafted.profile["exports"] if said.items() <= export.items())
    return said | ({"name": f"{'_'.join(feeds)}_{earlier + 1}"} if earlier else {})


def _named(feed: str, columns: Sequence[str]) -> tuple[Contract, dict[str, list[str]]]:
    """The contract's columns with the file's columns that sound like them."""
    contract = contracts.read(feed)
    found: dict[str, list[str]] = {}
    for column in columns:
        name = meant(column, feed)
        if name and (name not in found or contract_type(contract, name) == "timestamp"):
            found.setdefault(name, []).append(column)
    return contract, found


def _worth(contract: Contract, named: dict[str, list[str]]) -> float:
    """How much speaks for a contract: a column that few contracts have more than one that all have."""
    required = [one.name for one in contract.fields if one.required]
    particular = sum(1 / sum(name in contracts.read(feed).names for feed in contracts.FEEDS) for name in named)
    return particular + sum(name in named for name in required) / len(required)


def contract_type(contract: Contract, name: str) -> str:
    """The type of a column of a contract."""
    return next(one.type for one in contract.fields if one.name == name)


def _column(drafted: Draft, sample: Sample, contract: Contract, name: str, taken: list[str], secret: set[str]) -> Any:
    origin: Any = taken[0] if len(taken) == 1 else taken
    if (wanted := unit_of(name)) and factors(wanted).get(unit := unit_in(taken[0]), 1) != 1:
        return {"from": origin, "unit": unit}
    known = [] if name in LISTS else _values(contract.feed, name)
    if not known and name not in LISTS:
        return origin
    words = words_of(sample.cells[taken[0]], secret, MOST)
    if words.others:
        drafted.questions.append(f"{contract.feed}.{name}: {words.others} more texts of {taken[0]} are not quoted here")
    if name in LISTS:
        return {"from": origin, "codes": _listed(drafted, words.quoted, name, taken[0])}
    mapped = _words(drafted, words.quoted, f"{contract.feed}.{name}", known)
    return {"from": origin, "map": mapped} if mapped else origin


def _listed(drafted: Draft, words: Counter[str], name: str, column: str) -> str:
    """A code list of what stands in the column, with proposals where a word is known."""
    file = LISTS[name]
    proposed = (
        {word: code for code, words in WORDS["analytes"].items() for word in words} if name == "test_code" else {}
    )
    known = dict(drafted.lists.get(file, []))
    for value in words:
        known.setdefault(value, proposed.get(plain(value), ""))
    drafted.lists[file] = sorted(known.items())
    drafted.questions.append(f"{file}: confirm each line of {column} and write who decided")
    return file


def _words(drafted: Draft, words: Counter[str], column: str, known: Sequence[str]) -> dict[str, str]:
    mapped: dict[str, str] = {}
    for value, count in words.items():
        meaning = next(
            (one for one in known if plain(value) in (plain(one), *map(str, WORDS["values"].get(one, ())))), None
        )
        if meaning is None:
            drafted.questions.append(f"{column}: what does {value!r} ({count} rows) mean?")
        elif meaning != value:
            mapped[value] = meaning
    return mapped


def _values(feed: str, column: str) -> list[str]:
    """The words that the contract knows in a column."""
    found = (rule for rule in own_rules(feed) if rule.rule_id == f"{feed}.{column}.unknown_code")
    return [str(value) for rule in found for value in rule.settings["kwargs"].get("value_set", ())]
