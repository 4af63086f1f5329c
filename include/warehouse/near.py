"""Rows of the patients in scope in tables of their own: one look at what a view shows instead of one a SELECT.

DuckDB has them of few patients: of many, to write what the views show would take longer. PostgreSQL has them always,
and counts their rows: it takes what a view shows for a few rows, whatever it joins them with. What was just derived of
the patients in scope is there already.

Few patients are listed for DuckDB as well (`views/few.sql`).
"""

import re
from contextlib import nullcontext

from include.warehouse.connection import Warehouse
from include.warehouse.lineage import in_scope
from include.warehouse.sql import select_text
from include.warehouse.tables import manifest

VIEWS = re.compile(r"\bscope\.(\w+)\b")
TOUCHED = "SELECT patient_id FROM ops.touched_patient"
ONE_IN = "SELECT (SELECT COUNT(*) FROM clinical.lifespan) / GREATEST((SELECT COUNT(*) FROM ops.scope), 1)"
FEW = 8
"""One patient in so many is in scope, or fewer: DuckDB reads of them what the views show."""
LISTED = 50
"""So many patients are looked up in a list faster than in a table, however the rows lie."""
MANY = 100
"""So many patients are worth all cores."""
SOME = 4
"""One patient in so many is in scope, or fewer: what was derived of them is kept until the step ends."""


class Near:
    """Who is in scope, and what is read of them as long as these are the same; an error ends the session."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._one_in = 0.0
        self._made: set[str] = set()

    def enter(self, *statements: str) -> None:
        """Those whom the statements enter into ops.scope are in scope now."""
        self._warehouse.run("DELETE FROM ops.scope")
        for statement in statements:
            self._warehouse.run_file(statement)
        self._begin()
        self._made.clear()

    def narrow(self) -> None:
        """The touched patients alone are in scope now, who were among others before."""
        self._warehouse.run_file("ops/enter_scope")
        self._begin()
        for name in sorted(self._made):
            self._warehouse.run(f"DELETE FROM near_{name} WHERE patient_id NOT IN ({TOUCHED})")
            self._warehouse.analyze(f"near_{name}")

    def leave(self) -> None:
        """Nobody is in scope any more."""
        self._warehouse.run("DELETE FROM ops.scope")
        if self._warehouse.is_duckdb:
            self._warehouse.run("RESET VARIABLE few")

    def _begin(self) -> None:
        self._warehouse.analyze("ops.scope", "ops.touched_patient")
        self._one_in = self._warehouse.scalar(ONE_IN)
        if self._warehouse.is_duckdb:
            self._warehouse.share_work(is_much=self._warehouse.scalar("SELECT COUNT(*) FROM ops.scope") > MANY)
            self._warehouse.run_file("views/list_few", most=LISTED)

    def read_by(self, select: str) -> str:
        """The SELECT as it reads what is in scope: from tables in place of views."""
        return VIEWS.sub(lambda found: self._table(found[1]) or found[0], select)

    def take(self, name: str, table: str) -> None:
        """A temporary table holds what the view would show; it is renamed, or dropped where it would hold too much."""
        if self._one_in < SOME:
            self._warehouse.drop_temporary(table)
            return
        self._warehouse.rename_temporary(table, f"near_{name}")
        self._made.add(name)

    def _table(self, name: str) -> str | None:
        """The temporary table that holds what a view shows; it is made for the first who reads it."""
        table = f"near_{name}"
        if name in self._made:
            return table
        is_few = self._one_in >= FEW
        if self._warehouse.is_duckdb and not is_few:
            return None
        select, is_looked_up = f"SELECT * FROM scope.{name}", is_few
        if name in manifest("clinical", "views"):
            select, is_looked_up = self.read_by(in_scope(select_text(f"clinical/{name}"))), False
        with nullcontext() if is_looked_up else self._warehouse.joins_of_many():
            self._warehouse.create_temporary(table, f"AS {select}")
        self._warehouse.analyze(table)
        self._made.add(name)
        return table
