"""The load step: stage, validate, and one transaction that writes versions, quarantine, counts and the ledger."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import pandas as pd

from include import contracts
from include.errors import RegistryError
from include.landing.places import place
from include.loading.names import names_of
from include.loading.report import LoadReport, count_impossible, read_report
from include.loading.settle import settle
from include.settings import Settings
from include.staging import HOLDING, UNREADABLE_ROW, FileFacts, stage
from include.validation import RuleResult, judge, judge_file
from include.warehouse import Warehouse, open_warehouse, prepare, utc_now
from include.warehouse.frames import append

LIFESPAN_FEEDS = ("patients", "visits")


def load(settings: Settings, load_id: str) -> LoadReport:
    """Load one landed file; a load that does not wait to be loaded is left as it is.

    A file that cannot be read or fails a file rule is held whole, with the reason in the ledger. One that is held
    because a rule could not be evaluated (REG-303) waits to be loaded: the next run tries it again.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        return load_landed(warehouse, load_id)


def load_landed(warehouse: Warehouse, load_id: str) -> LoadReport:
    """The same on an open warehouse."""
    settle(warehouse)
    if read_report(warehouse, load_id).is_waiting:
        entry = dict(warehouse.run_file("ops/ledger_entry", load_id=load_id).mappings().one())
        entry["started_at"] = utc_now()
        with _local_file(entry["landing_uri"]) as file:
            _load_file(warehouse, entry, file)
    settle(warehouse)
    warehouse.drop_temporary()
    warehouse.connection.commit()
    return read_report(warehouse, load_id)


@contextmanager
def _local_file(uri: str) -> Iterator[Path]:
    """The landed file on this machine's disk; raises RegistryError REG-203 when it is gone."""
    folder, _, name = uri.rpartition("/")
    with tempfile.TemporaryDirectory() as local:
        file = Path(uri)
        try:
            if uri.startswith("s3://"):
                file = Path(local) / name
                place(folder).fetch(name, file)
            file.stat()
        except OSError:
            raise RegistryError("REG-203", "The landed copy of a file cannot be read.") from None
        yield file


def _load_file(warehouse: Warehouse, entry: dict[str, Any], file: Path) -> None:
    try:
        facts = stage(warehouse, entry["feed"], file)
        results = judge_file(warehouse, facts)
        if failed := [r.rule_id for r in results if r.status == "fail" and r.rule_id != UNREADABLE_ROW]:
            _hold(warehouse, entry, _reason(failed, facts), facts.row_count, results)
            return
        names = {**names_of(warehouse, entry["feed"]), "batch_date": entry["batch_date"].isoformat()}
        warehouse.replace_temporary("staged", "loading/staged", names)
        results += judge(warehouse, entry["feed"])
        if broken := [result.rule_id for result in results if result.status == "error"]:
            _hold(warehouse, entry, f"REG-303: cannot evaluate {', '.join(broken)}", facts.row_count, results)
            return
    except RegistryError as error:
        if error.code not in HOLDING:
            raise
        _hold(warehouse, entry, f"{error.code}: {error.what}", 0, [])
        return
    with warehouse.transaction():
        counts = _write(warehouse, entry, names)
        _finish(warehouse, entry, "loaded", None, counts, results)


def _write(warehouse: Warehouse, entry: dict[str, Any], names: dict[str, Any]) -> dict[str, int]:
    """Versions, quarantine and touched patients of the judged rows; returns the counts of the ledger."""
    load = {"load_id": entry["load_id"]}
    for table in ("accepted", "contested"):
        warehouse.replace_temporary(table, f"loading/{table}", names)
    warehouse.replace_temporary("candidate", "loading/candidate", names, **load)
    warehouse.replace_temporary("fate", "loading/fate", names)
    warehouse.run_file("loading/insert_uncontested", names, batch_date=entry["batch_date"], **load)
    warehouse.run_file("loading/delete_contested", names)
    warehouse.run_file("loading/insert_contested", names)
    warehouse.run_file("loading/quarantine_failed", names, **load)
    warehouse.run_file("loading/quarantine_unreadable", names, **load)
    warehouse.run_file("loading/quarantine_waiting", names, **load)
    warehouse.run_file("loading/close_corrected", names, now=utc_now())
    warehouse.run_file("loading/touch", names)
    if entry["feed"] in LIFESPAN_FEEDS:
        _update_lifespans(warehouse)
    return _counts(warehouse)


def _update_lifespans(warehouse: Warehouse) -> None:
    warehouse.replace_temporary("known_lifespan", "loading/lifespan", {})
    for statement in ("loading/unsettle", "ops/touch_unsettled", "loading/forget_lifespan", "loading/keep_lifespan"):
        warehouse.run_file(statement, {"feeds": contracts.FEEDS})


def _counts(warehouse: Warehouse) -> dict[str, int]:
    fates = {row.fate: int(row.row_count) for row in warehouse.run_file("loading/count_fates")}
    counts = {fate: fates.get(fate, 0) for fate in ("loaded", "updated", "unchanged", "quarantined", "waiting")}
    counts["quarantined"] += int(
        warehouse.scalar("SELECT COUNT(DISTINCT row_number) FROM failure WHERE level <> 'lifespan'")
    )
    rejected = int(warehouse.scalar("SELECT COUNT(*) FROM rejected_lines"))
    counts["quarantined"] += rejected
    return {"received": int(warehouse.scalar("SELECT COUNT(*) FROM staged_rows")) + rejected, **counts}


def _hold(warehouse: Warehouse, entry: dict[str, Any], reason: str, row_count: int, results: list[RuleResult]) -> None:
    """Hold a file whole: its rows wait with it."""
    counts = dict.fromkeys(("loaded", "updated", "unchanged", "quarantined"), 0)
    with warehouse.transaction():
        _finish(warehouse, entry, "held", reason, {"received": row_count, "waiting": row_count, **counts}, results)


def _finish(
    warehouse: Warehouse,
    entry: dict[str, Any],
    state: str,
    reason: str | None,
    counts: dict[str, int],
    results: list[RuleResult],
) -> None:
    warehouse.run("DELETE FROM ops.validation_result WHERE load_id = :load_id", load_id=entry["load_id"])
    said = pd.DataFrame([asdict(result) for result in results]).assign(load_id=entry["load_id"])
    append(warehouse, "ops.validation_result", said)
    if state == "loaded":
        count_impossible(warehouse, entry["feed"], ":load_id", load_id=entry["load_id"])
    warehouse.run_file(
        "ops/finish_load",
        load_id=entry["load_id"],
        state=state,
        reason=reason,
        started_at=entry["started_at"],
        finished_at=utc_now(),
        **cast(dict[str, Any], counts),
    )
    warehouse.count_step("load")


def _reason(failed: list[str], facts: FileFacts) -> str:
    missing = f" (missing: {', '.join(facts.missing)})" if facts.missing else ""
    return f"REG-302: failed {', '.join(failed)}{missing}"
