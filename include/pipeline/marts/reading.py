"""Reads the marts for what is made of them: SELECTs of a folder of `include/sql`, each run once."""

import re
from functools import cached_property
from typing import Any, ClassVar

import pandas as pd
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.warehouse import Warehouse
from include.warehouse.refusal import LACKING
from include.warehouse.sql import select_text

MART = re.compile(r"\bmarts\.(\w+)")


class MartReader:
    """The SELECTs of `folder` over an open warehouse's marts."""

    folder: ClassVar[str]

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """The rows of a SELECT; none where the warehouse is of a version without a mart that it reads.

        Raises RegistryError REG-126 where there is no mart at all, REG-502 when the SELECT fails, as where a mart of an
        older version lacks a column.
        """
        if name not in self._frames:
            select = select_text(f"{self.folder}/{name}")
            self._frames[name] = self._rows(name, select) if self._is_there(select) else pd.DataFrame()
        return self._frames[name]

    def _is_there(self, select: str) -> bool:
        return {f"marts.{mart}" for mart in MART.findall(select)} <= self._there

    @cached_property
    def _there(self) -> set[str]:
        there = set(self.warehouse.run_file("ops/marts").scalars())
        if not there:
            raise RegistryError(LACKING, "There are no marts.")
        return there

    def _rows(self, name: str, select: str) -> pd.DataFrame:
        try:
            return self.warehouse.frame(select)
        except sa.exc.DBAPIError:
            self.warehouse.connection.rollback()
            what = f"{self.folder}/{name} cannot be read: a mart of an older version may lack a column."
            raise RegistryError("REG-502", what) from None

    def picked(self, name: str, /, **key: Any) -> pd.DataFrame:
        """The rows of a SELECT whose columns have these values, or one of each list of values."""
        frame = self.frame(name)
        for column, value in key.items() if len(frame) else ():
            frame = frame[frame[column].isin(value if isinstance(value, list) else [value])]
        return frame
