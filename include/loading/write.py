"""Writes judged rows: versions, what each row failed, quarantine, touched patients. Inside the caller's transaction."""

from typing import Any

from include import contracts
from include.loading.names import names_of
from include.warehouse import Warehouse, utc_now

FATES = ("loaded", "updated", "unchanged", "quarantined", "waiting")
LIFESPAN_FEEDS = ("patients", "visits")


def write_versions(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any]) -> None:
    """Put the accepted rows among the versions of their keys.

    None of the temporary table `refused` is accepted. Leaves the temporary table `fate` of each of them.
    """
    load = {"load_id": entry["load_id"]}
    for table in ("accepted", "contested"):
        warehouse.replace_temporary(table, f"loading/{table}", names)
    warehouse.replace_temporary("candidate", "loading/candidate", names, **load)
    warehouse.replace_temporary("fate", "loading/fate", names)
    warehouse.run_file("loading/insert_uncontested", names, batch_date=entry["batch_date"], **load)
    warehouse.run_file("loading/delete_contested", names)
    warehouse.run_file("loading/insert_contested", names)


def write_quarantine(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any]) -> None:
    """Set aside the rows that failed or wait."""
    for statement in ("quarantine_failed", "quarantine_unreadable", "quarantine_waiting"):
        warehouse.run_file(f"loading/{statement}", names, load_id=entry["load_id"])


def write_consequences(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any]) -> None:
    """Close what a valid version corrects, queue patients whose rows changed or moved, keep births and deaths."""
    warehouse.run_file("loading/close_corrected", names, now=utc_now())
    warehouse.run_file("loading/touch", names)
    if not names["announces"]:
        warehouse.run_file("loading/unsettle_moved", names)
    if entry["feed"] in LIFESPAN_FEEDS:
        warehouse.replace_temporary("concerned", "loading/concerned", names)
        update_lifespans(warehouse)


def update_lifespans(warehouse: Warehouse) -> None:
    """Note births and deaths of the patients in the temporary table `concerned`, and queue those that changed."""
    visits = "SELECT w.visit_id FROM clinical.visits AS w INNER JOIN concerned AS c ON w.patient_id = c.patient_id"
    find_owners(warehouse, names_of(warehouse, "visits"), visits)
    warehouse.replace_temporary("changed_lifespan", "loading/lifespan", {})
    warehouse.analyze("changed_lifespan")
    for statement in ("loading/unsettle", "loading/touch_lifespan", "loading/forget_lifespan", "loading/keep_lifespan"):
        warehouse.run_file(statement, {"feeds": contracts.FEEDS})


def find_owners(warehouse: Warehouse, names: dict[str, Any], keys: str) -> None:
    """Make the temporary table `owned` of the versions that share one of the keys with another patient's."""
    warehouse.replace_temporary("owned", "loading/owned", {**names, "keys": keys})


def keep_failures(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any], *, loaded: bool) -> None:
    """Note every failing row with its rules; of a file that is held only what the rows say by themselves."""
    overridden = warehouse.scalar("SELECT COUNT(*) FROM failing WHERE is_overridden") > 0
    kept = {**names, "loaded": loaded, "overridden": overridden}
    warehouse.run_file("loading/keep_failures", kept, load_id=entry["load_id"], now=utc_now())


def keep_unreadable(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any]) -> None:
    """Note every line of the file that is no row."""
    warehouse.run_file("loading/keep_unreadable", names, load_id=entry["load_id"], now=utc_now())


def count_fates(warehouse: Warehouse) -> dict[str, int]:
    """How many of the staged rows had each fate."""
    fates = {row.fate: int(row.row_count) for row in warehouse.run_file("loading/count_fates")}
    return {fate: fates.get(fate, 0) for fate in FATES}


def count_failing(warehouse: Warehouse) -> int:
    """How many of the staged rows fail a critical rule by themselves, whoever their patient is."""
    return int(warehouse.scalar("SELECT COUNT(DISTINCT row_number) FROM failure WHERE level <> 'lifespan'"))


def count_refused(warehouse: Warehouse) -> int:
    """How many of the staged rows are set aside for nothing but a rejection of what they say."""
    return int(warehouse.run_file("loading/count_refused").scalar() or 0)
