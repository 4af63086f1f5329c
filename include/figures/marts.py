"""What the figures are drawn from: SELECTs of `include/sql/figures` over the marts."""

import pandas as pd
import sqlalchemy as sa

from include.warehouse import Warehouse
from include.warehouse.sql import select_text


class Marts:
    """Reads each SELECT once."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """The rows of a SELECT; none where the warehouse is of a version without what it reads."""
        if name not in self._frames:
            try:
                self._frames[name] = self.warehouse.frame(select_text(f"figures/{name}"))
            except sa.exc.ProgrammingError:
                self.warehouse.connection.rollback()
                self._frames[name] = pd.DataFrame()
        return self._frames[name]

    def picked(self, name: str, **key: str) -> pd.DataFrame:
        """The rows of a SELECT whose columns have these values."""
        frame = self.frame(name)
        for column, value in key.items() if len(frame) else ():
            frame = frame[frame[column] == value]
        return frame
