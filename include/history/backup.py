"""Backup and restore: the landing area with its sidecars and the journal of decisions tell all that a warehouse cannot
make again. A backup is a folder that holds copies of them, and a manifest with the hash of each.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.settings import Settings
from include.history import before
from include.history.freeze import own_hash
from include.history.journal import NAME, read_journal, write_journal
from include.history.rebuild import RebuildReport, rebuild
from include.pipeline.landing.land import hash_of
from include.pipeline.landing.places import Place, place
from include.pipeline.landing.sidecar import ENDING, JOURNAL
from include.pipeline.marts.parquet import versions
from include.warehouse import migration, open_warehouse

FORMAT = 1
"""Version of a backup's layout."""
MANIFEST = "manifest.json"

Hashes = dict[str, str]
"""The SHA-256 of each file, by its path below the landing area."""


@dataclass(frozen=True)
class BackupReport:
    """How many landed files and decisions a backup has, and how many files were copied this time."""

    files: int
    decisions: int
    copied: int


def backup(settings: Settings, out: Path) -> BackupReport:
    """Copy to `<out>/landing` what it lacks, and write the manifest at the end: before that, the old one holds.

    Raises RegistryError REG-131 when the landing area itself is damaged, REG-132 when the backup there is, and REG-205
    when it cannot be written.
    """
    entered = _complete_journal(settings)
    kept = read_manifest(out) if (out / MANIFEST).exists() else {}
    copies, landing = out / "landing", place(settings.landing)
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if lost := [path for path in kept if not (copies / path).is_file()]:
            raise RegistryError("REG-132", f"{lost[0]} is missing.")
        new = dict(_copied(landing, copies, kept))
        if absent := entered - {path.rpartition("/")[2] for path in kept | new}:
            raise _damaged(min(absent))
        decisions = sum(1 for _ in read_journal(str(copies)))
        os.sync()
        _write_manifest(out, kept | new)
    except OSError as error:
        raise RegistryError("REG-205", f"The backup cannot be written ({type(error).__name__}).") from None
    files = sum(path.endswith(ENDING) for path in kept | new)
    return BackupReport(files, decisions, len(new))


def check_backup(source: Path) -> Hashes:
    """The files of a backup; raises RegistryError REG-132 with the first that is missing or not as it was copied."""
    known = read_manifest(source)
    for path, sha256 in known.items():
        file = source / "landing" / path
        if not file.is_file() or hash_of(file) != sha256:
            raise RegistryError("REG-132", f"{path} is missing or not as it was copied.")
    return known


def restore(settings: Settings, source: Path) -> RebuildReport:
    """Fill an empty landing area and an empty warehouse; a restore that was interrupted goes on where it stopped.

    Raises RegistryError REG-132 for a damaged backup, REG-133 when the landing area has other files, and REG-804 when
    the warehouse has some.
    """
    known, landing = check_backup(source), place(settings.landing)
    if others := _paths(landing) - known.keys():
        raise RegistryError("REG-133", f"{len(others)} files there are not the backup's, such as {min(others)}.")
    with scratch() as folder:
        copies = place(str(source / "landing"))
        for path in known:
            copies.fetch(path, folder / "copy")
            landing.store(folder / "copy", path)
    return rebuild(settings)


def read_manifest(folder: Path) -> Hashes:
    """The hashes that a backup's manifest tells; raises RegistryError REG-132 when it is missing or was changed."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if told["sha256"] == own_hash(told):
            files: Hashes = told["files"]
            return files
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise RegistryError("REG-132", f"{MANIFEST} is missing or not as it was written.")


def _complete_journal(settings: Settings) -> set[str]:
    """Write what the journal lacks; the names of the sidecars that there have to be."""
    with open_warehouse(settings.warehouse) as warehouse:
        if migration.is_pending(warehouse):
            raise RegistryError("REG-131", "Files of an earlier version are still to be received.")
        write_journal(warehouse, settings)
        return {f"{load_id}{ENDING}" for (load_id,) in warehouse.run("SELECT load_id FROM received.file")}


def _copied(landing: Place, copies: Path, kept: Hashes) -> Iterator[tuple[str, str]]:
    """Copy what is not kept yet: a landed file with its sidecar, so that one that is still being entered waits."""
    for path in sorted(_paths(landing) - kept.keys()):
        if path.endswith(ENDING):
            told = _read(landing, path, copies)
            yield (
                told["landed_as"],
                _copy(landing, told["landed_as"], copies, told.get("landed_sha256") or told["sha256"]),
            )
            yield path, hash_of(copies / path)
        elif path.startswith(JOURNAL) and (NAME.fullmatch(path[len(JOURNAL) :]) or path == JOURNAL + before.NAME):
            yield path, _copy(landing, path, copies)


def _read(landing: Place, path: str, copies: Path) -> dict[str, Any]:
    _copy(landing, path, copies)
    try:
        told: dict[str, Any] = json.loads((copies / path).read_bytes())
    except ValueError:
        raise _damaged(path) from None
    return told


def _copy(landing: Place, path: str, copies: Path, expected: str | None = None) -> str:
    """Copy a file; its hash. Nothing appears under its name that is not whole."""
    target = copies / path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        landing.fetch(path, part)
    except FileNotFoundError:
        raise _damaged(path) from None
    sha256 = hash_of(part)
    if expected and sha256 != expected:
        raise _damaged(path)
    part.replace(target)
    return sha256


def _damaged(path: str) -> RegistryError:
    return RegistryError("REG-131", f"{path} of the landing area is missing or not as it was received.")


def _write_manifest(out: Path, files: Hashes) -> None:
    told: dict[str, Any] = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(), **versions(), "files": files}
    part = out / f"{MANIFEST}.part"
    part.write_text(json.dumps(told | {"sha256": own_hash(told)}, indent=1, sort_keys=True), encoding="utf-8")
    part.replace(out / MANIFEST)


def _paths(landing: Place) -> set[str]:
    """The files of a landing area, which need not be there yet."""
    try:
        return {item.path for item in landing.list() if not item.path.endswith(".part")}
    except RegistryError as error:
        if error.code != "REG-101":
            raise
        return set()
