"""Rows of the patients in scope in tables of their own: one look at what a view shows instead of one a SELECT.

DuckDB has them of results, of a few patients: of many, to write what the views show would take longer. PostgreSQL has
them of all that is read, and counts their rows: it takes what a view shows for a few rows, whatever it joins them with.
"""

import re
from contextlib import nullcontext

from include.warehouse.connection import Warehouse
from include.warehouse.lineage import of_feeds
from include.warehouse.sql import render
from include.warehouse.tables import manifest

DUCKDB = re.compile(r"\bscope\.(results|measurement)\b")
POSTGRESQL = re.compile(r"\bscope\.(\w+)\b")
TOUCHED = "SELECT patient_id FROM ops.touched_patient"
FEW = "SELECT COUNT(*) * 20 <= (SELECT COUNT(*) FROM clinical.lifespan) FROM ops.scope"


class Near:
    """What is in scope, as long as it is the same: whoever enters another says so."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._views = DUCKDB if warehouse.is_duckdb else POSTGRESQL
        self._is_few = False
        self._made: set[str] = set()

    def enter(self) -> None:
        """Other patients are in scope now."""
        self._is_few = bool(self._warehouse.scalar(FEW))
        self._made.clear()

    def narrow(self) -> None:
        """The touched patients alone are in scope now, who were among others before."""
        self._is_few = bool(self._warehouse.scalar(FEW))
        for name in sorted(self._made):
            self._warehouse.run(f"DELETE FROM near_{name} WHERE patient_id NOT IN ({TOUCHED})")
            self._warehouse.analyze(f"near_{name}")

    def read_by(self, select: str) -> str:
        """The SELECT as it reads what is in scope: from tables in place of views."""
        if self._warehouse.is_duckdb and not self._is_few:
            return select
        return self._views.sub(lambda found: self._table(found[1]), select)

    def _table(self, name: str) -> str:
        """The temporary table that holds what a view shows; it is made for the first who reads it."""
        table = f"near_{name}"
        if name not in self._made:
            select, is_looked_up = f"SELECT * FROM scope.{name}", self._is_few
            if name in manifest("clinical", "views"):
                select, is_looked_up = self.read_by(render(f"clinical/{name}", of_feeds("scope."))), False
            with nullcontext() if is_looked_up else self._warehouse.joins_of_many():
                self._warehouse.replace_temporary(table, "views/near", {"name": name, "select": select})
            self._warehouse.analyze(table)
            self._made.add(name)
        return table
