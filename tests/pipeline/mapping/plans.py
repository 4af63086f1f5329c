"""Plans of short profiles, tables of a few cells, and what the plans make of these."""

from pathlib import Path
from typing import Any

import duckdb

from include.definitions import contracts
from include.definitions.sites import Site
from include.pipeline.formats import Rows
from include.pipeline.mapping import Plan, Plans
from include.pipeline.mapping.choosing import left_out
from include.pipeline.mapping.statement import texts

Cells = dict[str, str | None]


def plan_of(taken: dict[str, Any], feed: str = "results", **of_site: Any) -> Plan:
    export = {"feed": feed, **taken}
    site = Site.model_validate({"site": "chx", "patients": "local", "exports": [export], **of_site})
    return Plans({"chx": site}, Path()).of("chx", feed, feed)


def rows_of(*cells: Cells) -> Rows:
    names = list(cells[0])
    listed = ", ".join("(" + ", ".join(_quoted(row.get(name)) for name in names) + ")" for row in cells)
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    return Rows(f"(SELECT * FROM (VALUES {listed}) AS v ({columns})) AS f", tuple(names))


def _quoted(text: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if text is None else "'" + text.replace("'", "''") + "'"


def mapped(plan: Plan, column: str, *cells: Cells) -> list[str | None]:
    """What a column of the contract holds, row by row."""
    select = texts(plan, contracts.read(plan.feed), rows_of(*cells))
    return [row[0] for row in duckdb.sql(f'SELECT "{column}" FROM ({select}) AS t').fetchall()]


def counts(plan: Plan, rows: Rows) -> list[tuple[str, int]]:
    """What leaves no row, by reason."""
    return sorted(row for one in left_out(plan, rows) for row in duckdb.sql(one).fetchall() if row[1])
