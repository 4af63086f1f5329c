"""Reads the YAML files beside a reader: the words of its format, and what is usual for each feed."""

from pathlib import Path
from typing import Any

import yaml

from include.basics.errors import RegistryError
from include.definitions.described import read_yaml


def read_words(file: Path) -> dict[str, Any]:
    """The content of such a file; raises RegistryError REG-401 when it is wrong."""
    try:
        return dict(read_yaml(file))
    except (OSError, yaml.YAMLError, TypeError, ValueError) as error:
        raise RegistryError(
            "REG-401", f"The file {file.parent.name}/{file.name} of a format cannot be read."
        ) from error
