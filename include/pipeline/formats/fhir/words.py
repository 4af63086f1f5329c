"""What the YAML files beside this say: the words of FHIR, and what is usual for each feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.basics.errors import RegistryError
from include.definitions.described import read_yaml

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
    return _read("grammar")


@cache
def usual() -> Mapping[str, Any]:
    """What is usual for each feed."""
    return _read("usual")


@cache
def of_personal() -> Mapping[str, Any]:
    """What names a person."""
    return _read("personal")


@cache
def kind_of(resource_type: str) -> Kind:
    """What a type of resource calls things."""
    given = grammar()["types"].get(resource_type) or grammar()["types"]["other"]
    lists = {name: tuple(given[name]) for name in ("code", "time", "end")}
    return Kind(**lists, status=given["status"], words=given["words"])


def _read(name: str) -> Mapping[str, Any]:
    try:
        read: Mapping[str, Any] = read_yaml(FOLDER / f"{name}.yml")
    except (OSError, yaml.YAMLError) as error:
        raise RegistryError("REG-401", f"The file {name}.yml of the format FHIR cannot be read.") from error
    return read
