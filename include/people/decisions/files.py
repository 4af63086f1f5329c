"""Decisions about files that are held: release or reject."""

from include.basics.errors import RegistryError
from include.people.decisions.events import demand, enter
from include.pipeline.receiving import LoadReport, read_report
from include.pipeline.receiving.loads import load_landed
from include.warehouse import Warehouse

FROM = {"release": ("held", "rejected"), "reject_file": ("held", "released")}
"""The states of files that each decision is about."""


def release_file(warehouse: Warehouse, load_id: str, who: str, why: str) -> LoadReport:
    """Load a held or rejected file all the same; its failing rows are set aside.

    Raises RegistryError REG-304 (unknown load), REG-601 (the file is in no such state), REG-603 (no reason),
    REG-605 (nothing of the file can be read), and the error that keeps a released file from being received.
    """
    _decide(warehouse, load_id, "release", who, why)
    _, failed = load_landed(warehouse, [load_id])
    if failed:
        raise RegistryError(failed[load_id][:7], "The file is released and could not be received.")
    return read_report(warehouse, load_id)


def reject_file(warehouse: Warehouse, load_id: str, who: str, why: str) -> LoadReport:
    """Never load a held file: its rows count as quarantined. What a person withdrew counts again.

    Raises RegistryError REG-304, REG-601, REG-603.
    """
    _decide(warehouse, load_id, "reject_file", who, why)
    if (report := read_report(warehouse, load_id)).state != "loaded":
        return report
    load_landed(warehouse, [load_id])
    return read_report(warehouse, load_id)


def _decide(warehouse: Warehouse, load_id: str, kind: str, who: str, why: str) -> None:
    demand(who, why)
    report = read_report(warehouse, load_id)
    if (kind, report.state) == ("release", "released"):
        return
    is_withdrawal = warehouse.run_file("decisions/is_withdrawal", load_id=load_id).scalar()
    if report.state not in FROM[kind] and not (is_withdrawal and kind == "reject_file" and report.state == "loaded"):
        raise RegistryError("REG-601", f"The file is {report.state}.")
    if kind == "release" and not report.received:
        raise RegistryError("REG-605", "The file cannot be read.")
    with warehouse.transaction():
        decision_id = enter(warehouse, kind, who, why)
        warehouse.run_file("decisions/about_file", decision_id=decision_id, load_id=load_id)
