"""Reads the marts for what is made of them: SELECTs of a folder of `include/sql`, each run once."""

from typing import Any, ClassVar

import pandas as pd
import sqlalchemy as sa

from include.warehouse import Warehouse
from include.warehouse.sql import select_text


class MartReader:
    """The SELECTs of `folder` over an open warehouse's marts."""

    folder: ClassVar[str]

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """The rows of a SELECT; none where the warehouse is of a version without what it reads."""
        if name not in self._frames:
            try:
                self._frames[name] = self.warehouse.frame(select_text(f"{self.folder}/{name}"))
            except sa.exc.ProgrammingError:
                self.warehouse.connection.rollback()
                self._frames[name] = pd.DataFrame()
        return self._frames[name]

    def picked(self, name: str, /, **key: Any) -> pd.DataFrame:
        """The rows of a SELECT whose columns have these values, or one of each list of values."""
        frame = self.frame(name)
        for column, value in key.items() if len(frame) else ():
            frame = frame[frame[column].isin(value if isinstance(value, list) else [value])]
        return frame
