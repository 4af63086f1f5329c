"""The version of what the warehouse keeps: an older program must not write to what it does not know."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.basics.errors import RegistryError
from include.warehouse.tables import Table

FILE = Path(__file__).with_name("versions.yml")
STEP = "schema"
"""The step that notes the warehouse's version."""


@cache
def newest() -> dict[str, Any]:
    """The version that this program makes."""
    versions: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return versions[-1]


def refuse_newer(made: Mapping[str, str]) -> None:
    """Raise RegistryError REG-124 when a warehouse was prepared by a later version; `made` is what its steps noted."""
    found, known = int(made.get(STEP) or 0), int(newest()["version"])
    if found > known:
        raise RegistryError("REG-124", f"The warehouse is of version {found}, this program of version {known}.")


def structure_of(kept: Iterable[Table]) -> str:
    """A hash of the kept tables: their names, columns and types, in any order."""
    columns = sorted(f"{table.name}.{column.name} {column.type}" for table in kept for column in table.columns)
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:16]
