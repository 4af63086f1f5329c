"""Fills the ledger and what rules said directly, so that a report is tested on the few entries that matter to it."""

from datetime import date, datetime
from typing import Any

import pandas as pd

from include.definitions import contracts
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.schema import view_tables
from include.warehouse.sql import select_text
from include.warehouse.tables import columns_there, create, drop

COUNTS = ("rows_received", "rows_loaded", "rows_updated", "rows_unchanged", "rows_quarantined", "rows_waiting")


TOLD = ("ops.load", "ops.validation_result", "quarantine.record", "quarantine.failure", "quarantine.override")
STATES = """
SELECT
    *, '' AS export, '' AS withdraws, 0 AS rows_unreadable, CAST(NULL AS TEXT) AS decision, FALSE AS is_loaded_before
FROM ops.load
"""
"""What became of files, by what a test says of them."""
AT = datetime(2030, 1, 1, 23)


def open_ledger(warehouse: Warehouse) -> None:
    """Put tables in the place of the views that tell of files and rows, so that a test may say what they tell.

    What reads them does not know the difference; that the views tell what is, is tested where facts are made.
    """
    kind = warehouse.run_file("ops/table_kind", table_schema="ops", table_name="load").scalar()
    if kind != "VIEW":
        return
    views = view_tables()
    drop(warehouse, "ops.file_state")
    for view in views:
        if view.name in TOLD:
            drop(warehouse, view.name)
            create(warehouse, view)
    there = columns_there(warehouse)
    for view in views:
        if view.name not in there:
            select = STATES if view.name == "ops.file_state" else select_text(view.name.replace(".", "/"))
            warehouse.run_verbatim(f"CREATE VIEW {view.name} AS {select}")


def deliver(
    warehouse: Warehouse, load_id: str, day: date, state: str, *counts: int, feed: str = "results", **more: Any
) -> None:
    """Enter a file of a feed; the counts are those of COUNTS, from the first on."""
    row: dict[str, Any] = dict(zip(COUNTS, counts, strict=False)) | {"file_name": f"{load_id}.csv", "delivery": 1}
    row |= {"load_id": load_id, "source": contracts.read(feed).source, "feed": feed, "batch_date": day, "state": state}
    row["site"] = ""
    row["finished_at"] = datetime(day.year, day.month, day.day, 23) if state == "loaded" else None
    open_ledger(warehouse)
    row |= more
    append(warehouse, "ops.load", pd.DataFrame([row], dtype=object))
    landed = {name: row[name] for name in ("load_id", "source", "feed", "batch_date", "site", "file_name", "delivery")}
    append(warehouse, "received.file", pd.DataFrame([landed], dtype=object))


def enter_file(warehouse: Warehouse, load_id: str, feed: str, day: date, **more: Any) -> None:
    """Enter a delivered content."""
    row = {"load_id": load_id, "source": contracts.read(feed).source, "feed": feed, "batch_date": day}
    name = more.get("file_name", f"{load_id}.csv")
    row |= {"file_name": name, "file_order": name, "delivery": 1, "received_at": AT}
    append(warehouse, "received.file", pd.DataFrame([row | more], dtype=object))


def enter_reading(warehouse: Warehouse, load_id: str, rows: int, **more: Any) -> None:
    """Enter what came of reading a file."""
    row = {"load_id": load_id, "reading": 1, "is_whole": True, "outcome": "received", "rows_received": rows}
    row |= {"rows_unreadable": 0, "started_at": AT, "finished_at": AT}
    append(warehouse, "received.reading", pd.DataFrame([row | more], dtype=object))


def why(code: str, what: str = "failed") -> dict[str, str]:
    """Why a file is not loaded, as its entry says it."""
    return {"reason": f"{code}: {what}", "reason_code": code}


def judge(
    warehouse: Warehouse,
    load_id: str,
    rule: str,
    checked: int,
    failed: int,
    status: str,
    severity: str = "warning",
    overridden: int = 0,
) -> None:
    """Enter what a rule said of a load."""
    row = {"load_id": load_id, "rule_id": rule, "severity": severity, "rows_checked": checked, "rows_failed": failed}
    open_ledger(warehouse)
    told = {**row, "rows_overridden": overridden, "status": status}
    append(warehouse, "ops.validation_result", pd.DataFrame([told], dtype=object))


def set_threshold(warehouse: Warehouse, kind: str, **values: float) -> None:
    """Change the numbers of all thresholds of a kind."""
    changes = ", ".join(f"{name} = :{name}" for name in values)
    warehouse.run(f"UPDATE reference.threshold SET {changes} WHERE kind = :kind", kind=kind, **values)
