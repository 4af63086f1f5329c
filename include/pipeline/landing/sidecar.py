"""What the ledger knows of a landed file, kept beside it: a warehouse can be made again from landing alone."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.pipeline.landing.places import Place
from include.warehouse import Warehouse

ENDING = ".ledger.json"
JOURNAL = "decisions/"
COLUMNS = (
    "load_id",
    "site",
    "patient_ids",
    "source",
    "feed",
    "batch_date",
    "uri",
    "file_name",
    "delivery",
    "landing_uri",
    "sha256",
    "size_bytes",
    "received_at",
    "export",
    "landed_sha256",
    "is_full",
    "part",
    "withdraws",
)
WITHOUT_SITE = {
    "site": "",
    "patient_ids": "",
    "export": "",
    "landed_sha256": None,
    "is_full": False,
    "withdraws": "",
}
"""What sidecars of before there were sites, or their profiles, do not tell."""
STEP = "sidecars"


def store_sidecar(landing: Place, folder: str, entry: dict[str, Any]) -> None:
    """Keep a ledger entry beside its landed file; `folder` is the path of that file's folder."""
    told = {name: _written(entry[name]) for name in COLUMNS if name != "landing_uri"}
    told["landed_as"] = f"{folder}/{entry['landing_uri'].rpartition('/')[2]}"
    with scratch() as here:
        file = here / "sidecar"
        file.write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")
        landing.store(file, f"{folder}/{entry['load_id']}{ENDING}")


def read_sidecars(landing: Place) -> list[dict[str, Any]]:
    """The ledger entries that are kept in a landing area.

    A crash between landing and ledger may leave an entry whose place and delivery a later content took: the later one
    counts. Raises RegistryError REG-805 when a landed file has no entry, or one that cannot be read.
    """
    paths = [item.path for item in landing.list() if not item.path.startswith(JOURNAL)]
    entries: dict[tuple[Any, ...], dict[str, Any]] = {}
    with scratch() as here:
        told = [_read(landing, path, here / "sidecar") for path in paths if path.endswith(ENDING)]
    known = {entry["landed_as"] for entry in told}
    if lost := [path for path in paths if not path.endswith((ENDING, ".part")) and path not in known]:
        raise RegistryError("REG-805", f"{len(lost)} landed files have no ledger entry beside them.")
    for entry in sorted(told, key=lambda entry: entry["received_at"]):
        place = tuple(entry[name] for name in ("site", "source", "feed", "batch_date", "file_name", "delivery"))
        entries[place] = {**entry, "landing_uri": landing.uri(entry["landed_as"])}
        del entries[place]["landed_as"]
    return list(entries.values())


def complete_sidecars(warehouse: Warehouse, landing: Place) -> None:
    """Once a warehouse: keep the entries of files that were landed before there were sidecars."""
    if warehouse.generation(STEP):
        return
    entries = warehouse.run_file("ops/ledger_entries").mappings().all()
    known = {item.path.rpartition("/")[2] for item in landing.list()} if entries else set()
    for entry in entries:
        if f"{entry['load_id']}{ENDING}" not in known:
            folder = f"{entry['site'] and entry['site'] + '/'}{entry['source']}/{entry['feed']}/{entry['batch_date']}"
            store_sidecar(landing, folder, dict(entry))
    with warehouse.transaction():
        warehouse.set_generation(STEP, 1)


def _read(landing: Place, path: str, file: Path) -> dict[str, Any]:
    landing.fetch(path, file)
    try:
        told: dict[str, Any] = {**WITHOUT_SITE, **json.loads(file.read_text(encoding="utf-8"))}
        told.setdefault("part", told["file_name"])
        told["received_at"] = datetime.fromisoformat(told["received_at"])
    except (ValueError, KeyError, TypeError):
        raise RegistryError("REG-805", f"The ledger entry {path} cannot be read.") from None
    return told


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
