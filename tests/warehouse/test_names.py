"""Every column is named by the grammar of docs/names.md, whose tables are read here."""

import re
from collections.abc import Iterator

import pytest

from include.basics.settings import ROOT
from include.definitions import contracts
from include.definitions.described import read_yaml
from include.warehouse.sql import FOLDER

PAGE = (ROOT / "docs" / "names.md").read_text(encoding="utf-8")
NUMBER = {"decimal": "double", "bounded": "double", "measured": "text", "partial_date": "date"}
TOLD = {"date", "timestamp", "double", "integer", "boolean"}
"""Types that a name must tell; a text may have any name."""
FLAG = re.compile(r"(is|has|meets|stops|measures|shows)_")
COUNT = re.compile(r"(\w+_)?[a-z]{2,}s|((last|non)_)?(rows|files|patients|procedures|targets|lesions|cells|days)_\w+")
SHORT = {"a", "age", "any", "as", "at", "by", "day", "due", "end", "gap", "has", "in", "is", "key", "low", "met", "new"}
SHORT |= {"no", "non", "not", "of", "old", "on", "out", "per", "row", "set", "sex", "sum", "to", "too", "up"}
"""Short words that are no abbreviations."""


def table(title: str) -> list[list[str]]:
    """The rows of the first table under a heading of the page."""
    lines = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return rows[2:]


def listed(title: str) -> dict[str, set[str]]:
    """Names in a table's first column, with the types in its second."""
    return {name: set(row[1].split(", ")) for row in table(title) for name in re.findall(r"`(\w+)`", row[0])}


ENDINGS, ALONE, KEPT = listed("Endings"), listed("Words that stand alone"), listed("Names that are kept")
ABBREVIATIONS = {part for row in table("Abbreviations") for part in re.findall(r"[a-z0-9]+", row[0])}


def columns() -> Iterator[tuple[str, str, str]]:
    """Table, name and type of every column that a file describes."""
    for file in sorted(FOLDER.glob("*/*.yml")):
        for name, column in read_yaml(file).get("columns", {}).items():
            yield f"{file.parent.name}.{file.stem}", name, column["type"]
    for of_reference, told in read_yaml(ROOT / "include" / "reference" / "tables.yml")["tables"].items():
        for name, column in told["columns"].items():
            yield f"reference.{of_reference}", name, column["type"]
    for feed in contracts.FEEDS:
        yield from ((feed, field.name, NUMBER.get(field.type, field.type)) for field in contracts.read(feed).fields)


def ending(name: str) -> str:
    """The longest ending of the page that a name has."""
    return max((known for known in ENDINGS if name.endswith(known)), key=len, default="")


def wrong(name: str, of_type: str) -> str:
    """What speaks against a column's name."""
    if unknown := [part for part in name.split("_") if not is_word(part)]:
        return f"{unknown} is no word and no abbreviation of the page"
    if of_type in KEPT.get(name, ()) or of_type in ALONE.get(name, ()) or of_type in ENDINGS.get(ending(name), ()):
        return ""
    if of_type == "boolean" and FLAG.match(name):
        return ""
    if ending(name) and name not in KEPT and not (of_type == "text" and name in ALONE):
        return f"{ending(name)} is of type {ENDINGS[ending(name)]}"
    is_count = of_type == "integer" and COUNT.fullmatch(name)
    return "" if is_count or of_type not in TOLD else f"no {of_type} is named so"


def is_word(part: str) -> bool:
    """Whether a part of a name is written out, a number or a known abbreviation."""
    if part in ABBREVIATIONS or part in SHORT or part.isdecimal():
        return True
    return bool(re.fullmatch(r"[a-z]{4,}", part)) and bool(re.search("[aeiouy]", part))


def test_every_column_is_named_by_the_grammar() -> None:
    assert [f"{where}.{name}: {said}" for where, name, of_type in columns() if (said := wrong(name, of_type))] == []


@pytest.mark.parametrize(
    ("name", "of_type", "said"),
    [
        ("performed", "date", "no date is named so"),
        ("loaded_date", "timestamp", "_date is of type {'date'}"),
        ("read_by", "boolean", "_by is of type {'text'}"),
        ("active", "boolean", "no boolean is named so"),
        ("patient_count", "integer", "no integer is named so"),
        ("weight", "double", "no double is named so"),
        ("pat_id", "text", "['pat'] is no word and no abbreviation of the page"),
        ("examDate", "date", "['examDate'] is no word and no abbreviation of the page"),
    ],
)
def test_another_name_is_told(name: str, of_type: str, said: str) -> None:
    assert wrong(name, of_type) == said


def test_every_name_that_is_kept_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    there = set(columns())
    kept = set(KEPT)
    monkeypatch.setitem(globals(), "KEPT", {})

    needed = {name for _, name, of_type in there if wrong(name, of_type)}

    assert needed == kept


def test_every_layer_is_on_the_page() -> None:
    described = {file.parent.name for file in FOLDER.glob("*/manifest.yml")}

    assert {row[0] for row in table("Tables")} == described
