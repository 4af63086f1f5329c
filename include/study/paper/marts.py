"""Where the marts have each target's numbers: `sources.yml` names a SELECT and the values that pick its row."""

from functools import cache
from pathlib import Path
from typing import Any

from include.definitions.described import read_yaml
from include.pipeline.marts.reading import MartReader

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

    def values(self, target_id: str) -> Values:
        """A target's numbers; nothing for a target without a row."""
        found: Values = {}
        for name, key in sources().get(target_id, {}).items():
            frame = self.picked(name, **key)
            for column in frame.columns:
                found.setdefault(column, []).extend(frame[column])
        return found
