"""Texts in every language: texts.yml has those of the pages, words.yml, printed.yml and rules.yml what data say."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from include.definitions.described import read_yaml

FOLDER = Path(__file__).parent
PART = re.compile(r"\\{(\w+)\\}")
"""A part of a text, in an expression that is the text itself."""


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
    return {**described, **read_yaml(FOLDER / "printed.yml")}


def said(spoken: str, english: str, *kinds: str) -> str:
    """What data say, in a language, by the first list that has it; as it is where none has.

    `{n} rows` in a list are any number of rows.
    """
    for known in (words()[kind] for kind in kinds):
        if english in known:
            return known[english].get(spoken, english)
    for pattern, told in (one for kind in kinds for one in _patterns(kind)):
        if spoken in told and (found := pattern.fullmatch(english)):
            parts = {name: said(spoken, part, *kinds) for name, part in found.groupdict().items()}
            return told[spoken].format(**parts)
    return english


@cache
def _patterns(kind: str) -> list[tuple[re.Pattern[str], Mapping[str, str]]]:
    """The texts of a kind with parts that differ: an expression that finds the parts, and the text in each language."""
    told = {key: said for key, said in words()[kind].items() if "{" in key}
    return [(re.compile(PART.sub(r"(?P<\1>.+?)", re.escape(key))), said) for key, said in told.items()]


def rules_in(spoken: str) -> Mapping[str, Mapping[str, list[str]]]:
    """What rules ask for and what to do in a language, by rule and by kind; nothing for one that has only English."""
    return _rules().get(spoken, {})


@cache
def _rules() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    described: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = read_yaml(FOLDER / "rules.yml")
    return described
