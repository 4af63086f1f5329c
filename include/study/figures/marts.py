"""What the figures are drawn from."""

from typing import Any

import pandas as pd

from include.pipeline.marts.reading import MartReader


class Marts(MartReader):
    """The SELECTs of `include/sql/figures`."""

    folder = "figures"

    def setting(self, name: str) -> float:
        """A threshold of `include/reference/setting.csv`."""
        return float(self.picked("setting", name=name)["value"].iloc[0])

    def one(self, name: str, /, **key: Any) -> pd.Series | None:
        """The one row of a SELECT with these values; None when there is none."""
        found = self.picked(name, **key)
        return None if found.empty else found.iloc[0]
