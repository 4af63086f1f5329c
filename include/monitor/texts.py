"""The pages' texts in every language: texts.yml has their own, words.yml and rules.yml what data and rules say."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from include.definitions.described import read_yaml

FOLDER = Path(__file__).parent


def languages() -> Mapping[str, str]:
    """The languages that there are, each with its name on the pages; the first is the one without a choice."""
    return texts()["languages.name"]


def text(spoken: str, key: str, **values: object) -> str:
    """A text of texts.yml; KeyError for one that there is not."""
    return str(texts()[key][spoken]).format(**values)


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Every text by page and name (`tonight.title`), in each language."""
    pages = read_yaml(FOLDER / "texts.yml")
    return {f"{page}.{name}": said for page, named in pages.items() for name, said in named.items()}


@cache
def words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """What data say, by kind and text, in each language that has words of its own for it."""
    described: Mapping[str, Mapping[str, Mapping[str, str]]] = read_yaml(FOLDER / "words.yml")
    return described


def said(kind: str, english: str, spoken: str) -> str:
    """What data say, in a language; as it is where no list has it. `{n} rows` of a list are any number of rows."""
    known = words()[kind]
    if english in known:
        return known[english].get(spoken, english)
    for pattern, key in _patterns(kind):
        if found := pattern.fullmatch(english):
            parts = {name: said(kind, part, spoken) for name, part in found.groupdict().items()}
            return known[key].get(spoken, key).format(**parts)
    return english


@cache
def _patterns(kind: str) -> list[tuple[re.Pattern[str], str]]:
    """The texts of a kind with parts that differ, each with the expression that finds the parts."""
    keys = [key for key in words()[kind] if "{" in key]
    return [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(key))), key) for key in keys]


def rules_in(spoken: str) -> Mapping[str, Mapping[str, list[str]]]:
    """What rules ask for and what to do in a language, by rule and by kind; nothing for one that has only English."""
    return _rules().get(spoken, {})


@cache
def _rules() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    described: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = read_yaml(FOLDER / "rules.yml")
    return described
