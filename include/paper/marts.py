"""Where the marts have each target's numbers: `sources.yml` names a SELECT and the values that pick its row."""

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa
import yaml

from include.warehouse import Warehouse
from include.warehouse.sql import select_text

FILE = Path(__file__).with_name("sources.yml")
Values = dict[str, list[Any]]
"""Name of a number to its values, one a row."""


@cache
def sources() -> dict[str, dict[str, dict[str, Any]]]:
    """Target to SELECT to the values of its key columns."""
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


class Marts:
    """Reads the marts through the SELECTs of `include/sql/paper`, each once."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """The rows of a SELECT; none where the warehouse is of a version without that mart."""
        if name not in self._frames:
            try:
                self._frames[name] = self.warehouse.frame(select_text(f"paper/{name}"))
            except sa.exc.ProgrammingError:
                self.warehouse.connection.rollback()
                self._frames[name] = pd.DataFrame()
        return self._frames[name]

    def values(self, target_id: str) -> Values:
        """A target's numbers; nothing for a target without a row."""
        found: Values = {}
        for name, key in sources().get(target_id, {}).items():
            frame = self.frame(name)
            for column, value in key.items() if len(frame) else ():
                frame = frame[frame[column].isin(value if isinstance(value, list) else [value])]
            for column in frame.columns:
                found.setdefault(column, []).extend(frame[column])
        return found
