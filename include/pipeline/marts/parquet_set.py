"""The published set of Parquet files: `<out>/<mart>.parquet` and `manifest.json`, replaced as a whole.

`out` is a link to the newest of the sets in `.<name>` beside it; replacing the link is one rename. A mart whose rows
are those of the set before is not written again: both sets have the same file. The set before stays for its readers.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

from include.basics.errors import RegistryError
from include.pipeline.landing.land import hash_of
from include.pipeline.marts.parquet import Written, file_name, kept, left_out, short_name, versions, write_parquet
from include.warehouse import Warehouse
from include.warehouse.refusal import full_disk_or
from include.warehouse.sql import render
from include.warehouse.tables import Table

FORMAT = 1
"""Version of the set's layout."""
MANIFEST = "manifest.json"


def write_set(session: Warehouse, tables: list[Table], out: Path, generation: int) -> None:
    """Publish the tables of a DuckDB session; raises RegistryError REG-806 when the place cannot be written."""
    try:
        sets, by_name = out.parent.resolve() / f".{out.name}", {short_name(table): table for table in tables}
        sets.mkdir(parents=True, exist_ok=True)
        fresh = sets / str(max((int(folder.name) for folder in _numbered(sets)), default=0) + 1)
        fresh.mkdir()
        known, before = _manifest(out).get("tables", {}), out.resolve()
        told = {name: _write(session, table, known.get(name), before, fresh) for name, table in by_name.items()}
        _write_manifest(fresh, generation, told)
        _point(out, fresh)
        for folder in _numbered(sets) - {fresh, before}:
            shutil.rmtree(folder)
    except (OSError, ValueError) as error:
        code = full_disk_or("REG-806", error)
        raise RegistryError(code, f"{out} cannot be written ({type(error).__name__}).") from None


def published_generation(out: Path) -> int | None:
    """The generation of the marts that are published; None = none, or unreadable."""
    return _manifest(out).get("generation")


def _numbered(sets: Path) -> set[Path]:
    """The sets in their folder; whatever else lies there is somebody else's."""
    return {folder for folder in sets.iterdir() if folder.name.isdecimal()}


def _write(session: Warehouse, table: Table, known: dict[str, Any] | None, before: Path, fresh: Path) -> dict[str, Any]:
    """What the manifest tells of a mart, which is in the fresh set afterwards: the file of before, or a new one."""
    columns = [f'"{column.name}"' for column in kept(table)]
    found = session.run_verbatim(render("history/mart_content", Written(table.name, columns))).one()
    fingerprint = hashlib.sha256(f"{duckdb.__version__} {columns} {found.row_count} {found.content}".encode())
    told = {"rows": found.row_count, "fingerprint": fingerprint.hexdigest()}
    told |= {"data_cutoff_date": found.data_cutoff_date, "left_out": left_out(table)}
    file = before / file_name(table)
    if known and {**told, "sha256": known["sha256"]} == known and _is_whole(file, known["sha256"]):
        os.link(file, fresh / file.name)
        return known
    return {**told, "sha256": hash_of(write_parquet(session, table, fresh))}


def _is_whole(file: Path, sha256: str) -> bool:
    return file.is_file() and hash_of(file) == sha256


def _write_manifest(fresh: Path, generation: int, tables: dict[str, dict[str, Any]]) -> None:
    cutoff = max((told["data_cutoff_date"] or "" for told in tables.values()), default="")
    manifest = {"format": FORMAT, "generation": generation, "data_cutoff_date": cutoff, **versions(), "tables": tables}
    (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")


def _manifest(out: Path) -> dict[str, Any]:
    try:
        told = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _point(out: Path, fresh: Path) -> None:
    """Let `out` lead to the fresh set; an empty folder there makes way."""
    if out.is_dir() and not out.is_symlink():
        out.rmdir()
    link = out.with_name(f".{out.name}.new")
    link.unlink(missing_ok=True)
    link.symlink_to(Path(fresh.parent.name, fresh.name))
    link.replace(out)
