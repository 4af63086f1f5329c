"""Fills the ledger and what rules said directly, so that a report is tested on the few entries that matter to it."""

from datetime import date, datetime
from typing import Any

import pandas as pd

from include import contracts
from include.warehouse import Warehouse
from include.warehouse.frames import append

COUNTS = ("rows_received", "rows_loaded", "rows_updated", "rows_unchanged", "rows_quarantined", "rows_waiting")


def deliver(
    warehouse: Warehouse, load_id: str, day: date, state: str, *counts: int, feed: str = "results", **more: Any
) -> None:
    """Enter a file of a feed; the counts are those of COUNTS, from the first on."""
    row: dict[str, Any] = dict(zip(COUNTS, counts, strict=False)) | {"file_name": f"{load_id}.csv", "delivery": 1}
    row |= {"load_id": load_id, "source": contracts.read(feed).source, "feed": feed, "batch_date": day, "state": state}
    row["finished_at"] = datetime(day.year, day.month, day.day, 23) if state == "loaded" else None
    append(warehouse, "ops.load", pd.DataFrame([row | more], dtype=object))


def why(code: str, what: str = "failed") -> dict[str, str]:
    """Why a file is not loaded, as its entry says it."""
    return {"reason": f"{code}: {what}", "reason_code": code}


def judge(
    warehouse: Warehouse, load_id: str, rule: str, checked: int, failed: int, status: str, severity: str = "warning"
) -> None:
    """Enter what a rule said of a load."""
    row = {"load_id": load_id, "rule_id": rule, "severity": severity, "rows_checked": checked, "rows_failed": failed}
    append(warehouse, "ops.validation_result", pd.DataFrame([{**row, "status": status}], dtype=object))


def set_threshold(warehouse: Warehouse, kind: str, **values: float) -> None:
    """Change the numbers of all thresholds of a kind."""
    changes = ", ".join(f"{name} = :{name}" for name in values)
    warehouse.run(f"UPDATE reference.threshold SET {changes} WHERE kind = :kind", kind=kind, **values)
