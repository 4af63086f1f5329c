"""The pages' texts in every language: texts.yml has their own, words.yml and rules.yml what data and rules say."""

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


def rules_in(spoken: str) -> Mapping[str, Mapping[str, list[str]]]:
    """What rules ask for and what to do in a language, by rule and by kind; nothing for one that has only English."""
    return _rules().get(spoken, {})


@cache
def _rules() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    described: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = read_yaml(FOLDER / "rules.yml")
    return described
