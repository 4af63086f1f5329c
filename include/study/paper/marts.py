"""Where the marts have each target's numbers: `sources.yml` names a SELECT and the values that pick its row."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from include.definitions.described import read_yaml
from include.pipeline.marts.reading import MartReader
from include.warehouse import Warehouse

FILE = Path(__file__).with_name("sources.yml")
Values = dict[str, list[Any]]
"""Name of a number to its values, one a row."""


@cache
def sources() -> dict[str, dict[str, dict[str, Any]]]:
    """Target to SELECT to the values of its key columns."""
    found: dict[str, dict[str, dict[str, Any]]] = read_yaml(FILE)
    return found


class Marts(MartReader):
    """The SELECTs of `include/sql/paper`, and a target's numbers in them."""

    folder = "paper"

    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__(warehouse)
        self._rows_of: dict[str, list[dict[str, Any]]] = {}

    def values(self, target_id: str) -> Values:
        """A target's numbers; nothing for a target without a row."""
        found: Values = {}
        for name, key in sources().get(target_id, {}).items():
            for row in filter(partial(_has, key), self._all(name)):
                for column, value in row.items():
                    found.setdefault(column, []).append(value)
        return found

    def _all(self, name: str) -> list[dict[str, Any]]:
        """The rows of a SELECT one by one: two hundred targets look for theirs, which tables answer slowly."""
        if name not in self._rows_of:
            self._rows_of[name] = [
                {str(column): value for column, value in row.items()} for row in self.frame(name).to_dict("records")
            ]
        return self._rows_of[name]


def _has(key: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a row has these values, or one of each list of values."""
    return all(row[column] in (value if isinstance(value, list) else [value]) for column, value in key.items())
