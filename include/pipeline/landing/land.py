"""Copies one file to the landing area and enters it in the ledger."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.definitions.sites import Site
from include.pipeline.landing.layout import Extract
from include.pipeline.landing.places import Item, Place
from include.pipeline.landing.sidecar import store_sidecar
from include.warehouse import Warehouse, utc_now

BY_KIND = {errno.ENOSPC: "REG-204", errno.EDQUOT: "REG-204", errno.ENAMETOOLONG: "REG-206"}


@dataclass(frozen=True)
class Delivery:
    """What the ledger knows of the latest content at a path; `fingerprint` is None when the object is unknown."""

    load_id: str
    delivery: int
    fingerprint: str | None
    sha256: str


def land(
    warehouse: Warehouse,
    extracts: Place,
    landing: Place,
    item: Item,
    extract: Extract,
    latest: Delivery | None,
    site: Site | None = None,
) -> int:
    """Copy one file and enter it; returns 1 when its content is new, else 0.

    Raises RegistryError REG-203 to REG-206, or one of S3's (REG-210 to REG-217), when it cannot be copied.
    """
    with scratch() as folder:
        copy = folder / "copy"
        with _told_as("REG-203"):
            item = extracts.copy(item, copy)
        sha256 = hash_of(copy)
        if latest and latest.sha256 == sha256:
            with warehouse.transaction():
                _note_seen(warehouse, latest.load_id, item)
            return 0
        identity = _identity(extract, latest.delivery + 1 if latest else 1, site)
        load_id = hashlib.sha256(f"{item.path}\n{identity['delivery']}\n{sha256}".encode()).hexdigest()[:16]
        with _told_as("REG-205"):
            below = item.path.rpartition("/")[0]
            landed = landing.store(copy, f"{below}/{load_id}{extract.ending}")
            identity |= {"load_id": load_id, "sha256": sha256, "size_bytes": item.size, "received_at": utc_now()}
            identity |= {"uri": extracts.uri(item.path), "landing_uri": landed}
            store_sidecar(landing, below, identity)
    with warehouse.transaction():
        warehouse.run_file("ops/enter_load", **identity)
        _note_seen(warehouse, load_id, item)
    return 1


def _note_seen(warehouse: Warehouse, load_id: str, item: Item) -> None:
    warehouse.run_file("ops/forget_seen", load_id=load_id)
    warehouse.run_file("ops/enter_seen", load_id=load_id, fingerprint=item.mark)


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
    return {
        "site": extract.site,
        "patient_ids": site.patients if site else "",
        "source": extract.source,
        "feed": extract.feed,
        "batch_date": extract.batch_date,
        "file_name": extract.file_name,
        "delivery": delivery,
    }
