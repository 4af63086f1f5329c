"""What the YAML files beside this say: the words of DICOM, and what is usual for each feed."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.basics.errors import RegistryError
from include.definitions.described import read_yaml

FOLDER = Path(__file__).resolve().parent


@cache
def grammar() -> Mapping[str, Any]:
    """The words of DICOM."""
    return _read("grammar")


@cache
def usual() -> Mapping[str, Any]:
    """What is usual for each feed."""
    return _read("usual")


def _read(name: str) -> Mapping[str, Any]:
    try:
        read: Mapping[str, Any] = read_yaml(FOLDER / f"{name}.yml")
    except (OSError, yaml.YAMLError) as error:
        raise RegistryError("REG-401", f"The file {name}.yml of the format DICOM SR cannot be read.") from error
    return read
