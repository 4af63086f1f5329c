"""Results of a few patients in tables of their own: one look through all results instead of one a SELECT.

Of many patients the views of schema scope are read as they are: to write what they show would take longer. PostgreSQL
finds the rows of a few patients by its indexes.
"""

import re

from include.warehouse.connection import Warehouse
from include.warehouse.lineage import of_feeds
from include.warehouse.sql import render

VIEWS = re.compile(r"\bscope\.(results|measurement)\b")
FEW = "SELECT COUNT(*) * 20 <= (SELECT COUNT(*) FROM clinical.lifespan) FROM ops.scope"


class Near:
    """The results in scope; another scope needs another one."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._is_few = warehouse.is_duckdb and bool(warehouse.scalar(FEW))
        self._made: set[str] = set()

    def read_by(self, select: str) -> str:
        """The SELECT as it reads what is in scope: where patients are few, from tables in place of views."""
        return VIEWS.sub(lambda found: self._table(found[1]), select) if self._is_few else select

    def _table(self, name: str) -> str:
        """The temporary table that holds what a view shows; it is made for the first who reads it."""
        table = f"near_{name}"
        if name not in self._made:
            select = "SELECT * FROM scope.results"
            if name == "measurement":
                select = render("clinical/measurement", {**of_feeds("scope."), "results": self._table("results")})
            self._warehouse.replace_temporary(table, "views/near", {"name": name, "select": select})
            self._made.add(name)
        return table
