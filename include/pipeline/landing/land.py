"""Copies files to the landing area and enters them in the ledger."""

import errno
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions.sites import Site
from include.pipeline.landing.layout import Extract
from include.pipeline.landing.personal import without_personal
from include.pipeline.landing.places import Item, Place
from include.pipeline.landing.sidecar import store_sidecar
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append

BY_KIND = {errno.ENOSPC: "REG-204", errno.EDQUOT: "REG-204", errno.ENAMETOOLONG: "REG-206"}


@dataclass(frozen=True)
class Delivery:
    """What the ledger knows of the latest content at a path; `fingerprint` is None when the object is unknown.

    `export` is what it was mapped by, `is_held` whether it is held, and nobody rejected it.
    """

    load_id: str
    delivery: int
    fingerprint: str | None
    sha256: str
    export: str = ""
    is_held: bool = False

    def is_of(self, export: str) -> bool:
        """Whether there is nothing new in being mapped by an export: what is held may load by another one."""
        return self.export == export or not self.is_held


@dataclass(frozen=True)
class Landed:
    """A file that was looked at: the mark that it had then, and its ledger entry where its content is new."""

    load_id: str
    mark: str
    entry: dict[str, Any] | None


def land(
    extracts: Place, landing: Place, item: Item, extract: Extract, latest: Delivery | None, site: Site | None = None
) -> Landed:
    """Copy one file unless its content is known.

    Raises RegistryError REG-203 to REG-206, or one of S3's (REG-210 to REG-217), when it cannot be copied.
    """
    with scratch() as folder:
        copy = folder / "copy"
        with _told_as("REG-203"):
            item = extracts.copy(item, copy)
        sha256 = hash_of(copy)
        if latest and latest.sha256 == sha256 and latest.is_of(extract.export):
            return Landed(latest.load_id, item.mark, None)
        identity = _identity(extract, latest.delivery + 1 if latest else 1, site)
        place = f"{item.path}\n{extract.feed}" if extract.export else item.path
        load_id = hashlib.sha256(f"{place}\n{identity['delivery']}\n{sha256}".encode()).hexdigest()[:16]
        with _told_as("REG-205"):
            if site and (export := site.export(extract.export)):
                path = extract.file_name.removeprefix("./")
                copy = without_personal(copy, site, export, path, extract.ending)
                identity["landed_sha256"] = hash_of(copy)
            below = item.path.rpartition("/")[0]
            landed = landing.store(copy, f"{below}/{load_id}{extract.ending}")
            identity |= {"load_id": load_id, "sha256": sha256, "size_bytes": item.size, "received_at": utc_now()}
            identity |= {"uri": extracts.uri(item.path), "landing_uri": landed}
            store_sidecar(landing, below, identity)
    return Landed(load_id, item.mark, identity)


def enter(warehouse: Warehouse, files: Sequence[Landed]) -> int:
    """Enter files, at least one, in the ledger together; returns how many have a content that is new."""
    entries = [one.entry for one in files if one.entry]
    names = ", ".join(f"'{one.load_id}'" for one in files)
    with warehouse.transaction():
        enter_loads(warehouse, entries)
        warehouse.run(f"DELETE FROM ops.seen_file WHERE load_id IN ({names})")
        append(warehouse, "ops.seen_file", [{"load_id": one.load_id, "fingerprint": one.mark} for one in files])
    return len(entries)


def enter_loads(warehouse: Warehouse, entries: Sequence[dict[str, Any]]) -> None:
    """Add entries to the ledger."""
    append(warehouse, "received.file", [{**entry, "file_order": _order(entry)} for entry in entries])


def _order(entry: dict[str, Any]) -> str:
    """A file's name as people order it: each number in it has twenty digits, so part_9 comes before part_10.

    The name itself follows: part_9 and part_09 are two files. What a person withdrew is the first of its day: whatever
    the day's files say of a key comes behind, but for contents that were replaced.
    """
    if entry["withdraws"]:
        return ""
    name = entry["file_name"]
    return f"{re.sub('[0-9]+', lambda number: number[0].zfill(20)[-20:], name)} {name}"


def hash_of(file: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def _told_as(code: str) -> Iterator[None]:
    """An error of the file system as one with a code: of its kind, or the given one."""
    try:
        yield
    except OSError as error:
        raise RegistryError(BY_KIND.get(error.errno or 0, code), "A file cannot be copied.") from None


def _identity(extract: Extract, delivery: int, site: Site | None) -> dict[str, Any]:
    export = site.export(extract.export) if site else None
    return {
        "site": extract.site,
        "patient_ids": site.patients if site else "",
        "source": extract.source,
        "feed": extract.feed,
        "batch_date": extract.batch_date,
        "file_name": extract.file_name,
        "delivery": delivery,
        "export": extract.export,
        "landed_sha256": None,
        "is_full": export is not None and export.kind == "full",
        "part": export.part_of(extract.file_name.removeprefix("./")) if export and export.kind == "full" else "",
        "withdraws": "",
    }
