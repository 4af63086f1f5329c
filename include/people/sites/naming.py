"""What a column's name says to people: the contract's column that it may be, or a person. For proposals alone."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from include.definitions import contracts
from include.definitions.described import read_yaml

WORDS = read_yaml(Path(__file__).with_name("words.yml"))
BRACKETED = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")


def plain(text: str) -> str:
    """A text without accents, capitals and signs."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("n°", "no ").replace("nº", "no "))
    return " ".join(
        "".join(one if one.isalnum() or one == "_" else " " for one in bare if not unicodedata.combining(one)).split()
    )


def meant(column: str, feed: str) -> str | None:
    """The contract's column that sounds like a file's column; None where none does, or it names a person."""
    if names_person(column):
        return None
    names = contracts.read(feed).names
    return next((name for said in spellings(column) for name in names if said in _known(name)), None)


def is_known(column: str) -> bool:
    """Whether the name is one that hospitals give to a column."""
    return names_person(column) or any(meant(column, feed) for feed in contracts.FEEDS)


def names_person(column: str) -> bool:
    """Whether a column names a person: a name, an address, a number of the insurance, a telephone."""
    said = _bare(plain(column))
    if said in map(_bare, WORDS["personal"]["whole"]):
        return True
    if any(one in _known(name) for one in spellings(column) for name in WORDS["columns"]):
        return False
    words, known = set(said.split()), WORDS["personal"]
    has_stem = any(stem in word for word in words for stem in known["stem"])
    generic = words & set(known["generic"])
    is_name = bool(generic) and words <= generic | set(known["of"])
    return has_stem or is_name or bool(words & set(known["part"]))


def unit_in(column: str) -> str:
    """The unit that stands behind a column's name: in brackets, where that is no test, or as its last word."""
    bracketed = BRACKETED.search(column)
    said = bracketed[0].strip(" \t()[]") if bracketed else (column.replace("_", " ").split() or [""])[-1]
    is_test = any(_bare(plain(said)) in map(str, words) for words in WORDS["analytes"].values())
    return said if (bracketed and not is_test) or said.casefold() in WORDS["units"] else ""


def is_word(cell: str) -> bool:
    """Whether a cell has one of the words that hospitals have for the contract's."""
    return any(plain(cell) in (plain(one), *map(str, words)) for one, words in WORDS["values"].items())


def spellings(column: str) -> Iterator[str]:
    """The name as it is compared: whole, and without the unit or what stands in brackets behind it."""
    yield _bare(plain(column))
    yield _bare(plain(BRACKETED.sub("", column)))
    *words, unit = _bare(plain(column)).split() or [""]
    if words and unit in WORDS["units"]:
        yield " ".join(words)


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(_bare(str(word)) for word in (name, *WORDS["columns"].get(name, ())))


def _bare(text: str) -> str:
    """A plain text without the small words between the others."""
    words = text.replace("_", " ").split()
    return " ".join([word for word in words if word not in WORDS["small"]] or words)
