"""Withdraws what is missing in a full export: one file of its rows with the status cancelled, landed like any other."""

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions import contracts
from include.definitions.contracts import site_ids
from include.definitions.contracts.feed_sql import of_feed
from include.people.decisions.events import demand, enter
from include.pipeline.landing.land import enter_loads, hash_of
from include.pipeline.landing.places import place
from include.pipeline.landing.sidecar import store_sidecar
from include.pipeline.receiving import LoadReport, read_report
from include.pipeline.receiving.loads import load_landed
from include.pipeline.resolving import resolve
from include.warehouse import Warehouse, utc_now


def withdraw(warehouse: Warehouse, landing: str, site: str, load_id: str, who: str, why: str) -> LoadReport:
    """Cancel the rows that a site's latest full export, of which the load is a file, lacks. The report of their file.

    Rejecting that file takes it back. Raises RegistryError REG-602 when nothing is missing in such an export, REG-603,
    REG-606, and the error that keeps the file from being received.
    """
    demand(who, why)
    resolve(warehouse)
    found = warehouse.run_file("sites/full_export", site=site, load_id=load_id).mappings().first()
    export: dict[str, Any] = dict(found or {})
    rows = _missing(warehouse, export) if export else []
    if not rows:
        raise RegistryError("REG-602", f"Nothing is missing in {load_id}, or it is no latest full export of {site}.")
    entry = _land(landing, export, rows)
    with warehouse.transaction():
        enter_loads(warehouse, [entry])
        decision_id = enter(warehouse, "withdraw", who, why)
        warehouse.run_file("decisions/about_file", decision_id=decision_id, load_id=entry["load_id"])
    _, failed = load_landed(warehouse, [entry["load_id"]])
    if failed:
        raise RegistryError(failed[entry["load_id"]][:7], "The rows are withdrawn and could not be received.")
    return read_report(warehouse, entry["load_id"])


def _missing(warehouse: Warehouse, export: Mapping[str, Any]) -> list[dict[str, Any]]:
    of = of_feed(export["feed"], is_duckdb=warehouse.is_duckdb)
    found = warehouse.run_file("sites/missing_rows", of, site=export["site"], export=export["export"])
    return [json.loads(payload) for payload in found.scalars()]


def _land(landing: str, export: Mapping[str, Any], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Store the file with its sidecar; its ledger entry. Its rows stand before all others of the export's day."""
    site, feed, day, delivery = (export[name] for name in ("site", "feed", "batch_date", "delivery"))
    below = f"{site}/{contracts.read(feed).source}/{feed}/{day}"
    name = f"{export['export']}.withdrawn.csv"
    with scratch() as folder:
        copy = folder / "withdrawn"
        _write(copy, export, rows)
        sha256 = hash_of(copy)
        load_id = hashlib.sha256(f"{below}/{name}\n{delivery}\n{sha256}".encode()).hexdigest()[:16]
        size = copy.stat().st_size
        try:
            landed = place(landing).store(copy, f"{below}/{load_id}.csv")
        except OSError:
            raise RegistryError("REG-205", "The withdrawn rows cannot be landed.") from None
    entry = {
        **{column: export[column] for column in ("site", "source", "feed", "batch_date", "patient_ids", "delivery")},
        "load_id": load_id,
        "file_name": name,
        "uri": landed,
        "landing_uri": landed,
        "sha256": sha256,
        "size_bytes": size,
        "received_at": utc_now(),
        "export": "",
        "landed_sha256": None,
        "is_full": False,
        "part": "",
        "withdraws": export["export"],
    }
    store_sidecar(place(landing), below, entry)
    return entry


def _write(file: Path, export: Mapping[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    """The rows as the site would write them: receiving puts its name before its own ids once more."""
    contract = contracts.read(export["feed"])
    own = site_ids(contract, patients=export["patient_ids"] == "local")
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, contract.names, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            bare = {name: row[name] and row[name].removeprefix(f"{export['site']}:") for name in own}
            writer.writerow({**row, **bare, "status": "cancelled"})
