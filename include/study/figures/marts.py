"""What the figures are drawn from."""

from typing import Any

import pandas as pd

from include.pipeline.marts.reading import MartReader
from include.study.figures.page import NothingToDraw


class Marts(MartReader):
    """The SELECTs of `include/sql/figures`."""

    folder = "figures"

    def setting(self, name: str) -> float:
        """A threshold of `include/reference/setting.csv`. Raises NothingToDraw while there are no marts yet."""
        row = self.one("setting", name=name)
        if row is None:
            raise NothingToDraw("the marts have not been made yet")
        return float(row["value"])

    def one(self, name: str, /, **key: Any) -> pd.Series | None:
        """The one row of a SELECT with these values; None when there is none."""
        found = self.picked(name, **key)
        return None if found.empty else found.iloc[0]
