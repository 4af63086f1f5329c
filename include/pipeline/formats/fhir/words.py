"""What the YAML files beside this say: the words of FHIR, and what is usual for each feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from include.pipeline.formats.words import read_words

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Kind:
    """What a type of resource calls things; `words` are what its states mean."""

    code: tuple[str, ...]
    time: tuple[str, ...]
    end: tuple[str, ...]
    status: str
    words: Mapping[str, str]


@cache
def grammar() -> Mapping[str, Any]:
    """The words of FHIR."""
    return read_words(FOLDER / "grammar.yml")


@cache
def usual() -> Mapping[str, Any]:
    """What is usual for each feed."""
    return read_words(FOLDER / "usual.yml")


@cache
def of_personal() -> Mapping[str, Any]:
    """What names a person."""
    return read_words(FOLDER / "personal.yml")


@cache
def kind_of(resource_type: str) -> Kind:
    """What a type of resource calls things."""
    given = grammar()["types"].get(resource_type) or grammar()["types"]["other"]
    lists = {name: tuple(given[name]) for name in ("code", "time", "end")}
    return Kind(**lists, status=given["status"], words=given["words"])
