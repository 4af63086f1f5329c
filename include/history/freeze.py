"""Freezes: the marts as of a day, kept for a paper: immutable, checked by hash, of the same facts the same bytes."""

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import ROOT, Settings
from include.definitions import contracts, expectations
from include.history.world import world
from include.pipeline.landing.land import hash_of
from include.pipeline.marts.parquet import left_out, short_name, versions, write_parquet
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.noted import fingerprint_of
from include.warehouse.reference import FOLDER as REFERENCE
from include.warehouse.schema import mart_tables
from include.warehouse.tables import Table

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
FORMAT = 1
"""Version of a freeze's layout."""


@dataclass(frozen=True)
class Frozen:
    """A freeze: its name, the day that it is of, the latest batch date in it, tables, and whether all is as it was."""

    name: str
    as_of: str | None
    data_cutoff_date: str
    tables: int
    wrong: tuple[str, ...] = ()


def freezes_folder(out: Path | None = None) -> Path:
    """Where freezes lie: the folder given, else `var/freezes`."""
    return out or ROOT / "var" / "freezes"


def freeze(settings: Settings, name: str, as_of: date | None = None, out: Path | None = None) -> Path:
    """Write `<out>/<name>/marts/<mart>.parquet` and `manifest.json`; returns the folder.

    Raises RegistryError REG-802 when the name is none or is taken, REG-107 when there was no extract by the day.
    """
    folder = freezes_folder(out) / name
    if not NAME.fullmatch(name) or folder.exists():
        raise RegistryError("REG-802", f"{name} is no name of a new freeze.")
    part = folder.with_name(f".{name}.part")
    _remove(part)
    (part / "marts").mkdir(parents=True)
    try:
        with world(settings, as_of) as made, open_warehouse(made.warehouse) as warehouse:
            manifest = _manifest(warehouse, name, as_of)
            warehouse.run_verbatim("SET threads = 1")
            manifest["tables"] = {short_name(table): _write(warehouse, table, part) for table in mart_tables()}
        (part / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        _close(part)
        part.rename(folder)
        (folder / "marts").chmod(0o550)
    except BaseException:
        _remove(part)
        raise
    return folder


def list_freezes(out: Path | None = None) -> list[Frozen]:
    """The freezes of a folder, by name."""
    folder = freezes_folder(out)
    return [_frozen(file.parent) for file in sorted(folder.glob("*/manifest.json"))]


def verify_freeze(name: str, out: Path | None = None) -> Frozen:
    """A freeze with its files that are not as they were written; raises RegistryError REG-803 when there is none."""
    folder = freezes_folder(out) / name
    if not NAME.fullmatch(name) or not (folder / "manifest.json").is_file():
        raise RegistryError("REG-803", f"There is no freeze {name}.")
    return _frozen(folder, check=True)


def _frozen(folder: Path, *, check: bool = False) -> Frozen:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        tables = manifest["tables"]
        known = {f"{name}.parquet": told["sha256"] for name, told in tables.items()}
        wrong = _wrong(folder, known) if check else ()
        if check and manifest["sha256"] != own_hash(manifest):
            wrong = ("manifest.json", *wrong)
        return Frozen(manifest["name"], manifest["as_of"], manifest["data_cutoff_date"], len(tables), wrong)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Frozen(folder.name, None, "", 0, ("manifest.json",))


def _wrong(folder: Path, known: dict[str, str]) -> tuple[str, ...]:
    there = {file.name: file for file in (folder / "marts").iterdir()}
    changed = [name for name, sha256 in known.items() if name not in there or hash_of(there[name]) != sha256]
    return tuple(sorted([*changed, *(there.keys() - known.keys())]))


def _manifest(warehouse: Warehouse, name: str, as_of: date | None) -> dict[str, Any]:
    files = warehouse.run_file("history/frozen_files").mappings().all()
    decisions = warehouse.run_file("history/frozen_decisions").mappings().all()
    return {
        "format": FORMAT,
        "name": name,
        "as_of": as_of.isoformat() if as_of else None,
        "data_cutoff_date": max((file["batch_date"] for file in files if file["state"] == "loaded"), default=""),
        **versions(),
        "rules_version": fingerprint_of(contracts.FOLDER, expectations.FOLDER),
        "reference_version": fingerprint_of(REFERENCE),
        "files": [dict(file) for file in files],
        "decisions": [dict(decision) for decision in decisions],
    }


def _write(warehouse: Warehouse, table: Table, part: Path) -> dict[str, Any]:
    file = write_parquet(warehouse, table, part / "marts")
    rows = int(warehouse.scalar(f"SELECT COUNT(*) FROM {table.name}"))
    return {"rows": rows, "sha256": hash_of(file), "left_out": left_out(table)}


def _close(part: Path) -> None:
    """Nobody writes to a freeze again."""
    manifest = part / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**told, "sha256": own_hash(told)}, indent=1, sort_keys=True), encoding="utf-8")
    for file in (*part.rglob("*.parquet"), manifest):
        file.chmod(0o440)


def _remove(part: Path) -> None:
    """Remove what an interrupted freeze has left."""
    if part.exists():
        shutil.rmtree(part)


def own_hash(manifest: dict[str, Any]) -> str:
    """The hash that a manifest tells of itself."""
    told = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
