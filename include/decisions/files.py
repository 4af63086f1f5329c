"""Decisions about files that are held: release or reject."""

from typing import Any

from include.auditing import audit
from include.decisions.person import demand
from include.errors import RegistryError
from include.loading import LoadReport, load_landed
from include.loading.ledger import ledger_entry
from include.loading.report import read_report
from include.warehouse import Warehouse, utc_now


def release_file(warehouse: Warehouse, load_id: str, who: str, why: str) -> LoadReport:
    """Load a held or rejected file all the same; its failing rows are set aside.

    Raises RegistryError REG-304 (unknown load), REG-601 (the file is in no such state), REG-603 (no reason) and
    REG-605 (nothing of the file can be read).
    """
    _decide(warehouse, load_id, "released", who, why)
    return load_landed(warehouse, load_id)


def reject_file(warehouse: Warehouse, load_id: str, who: str, why: str) -> LoadReport:
    """Never load a held file: its rows count as quarantined. Raises RegistryError REG-304, REG-601, REG-603."""
    _decide(warehouse, load_id, "rejected", who, why)
    return read_report(warehouse, load_id)


def _decide(warehouse: Warehouse, load_id: str, state: str, who: str, why: str) -> None:
    demand(who, why)
    entry: dict[str, Any] = ledger_entry(warehouse, load_id)
    if entry["state"] == "released" == state:
        return
    if entry["state"] == state:
        raise RegistryError("REG-601", f"The file is {state} already.")
    if state == "released" and not entry["rows_received"]:
        raise RegistryError("REG-605", "The file cannot be read.")
    with warehouse.transaction():
        warehouse.run_file(f"decisions/{state}_file", load_id=load_id, who=who, why=why, now=utc_now())
        audit(warehouse)
        warehouse.count_step("load")
