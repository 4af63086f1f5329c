"""The pull step: new and replaced objects are copied to the landing area and entered in the ledger."""

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from include import contracts
from include.auditing import audit
from include.errors import CODES
from include.landing.layout import Extract, parse
from include.landing.places import Item, Place, place
from include.settings import Settings
from include.warehouse import Warehouse, open_warehouse, prepare, utc_now

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PullReport:
    """What a pull found.

    `waiting` are load ids to be loaded, `entered` counts new ledger rows, `unrecognised` are paths that are not
    extracts or those of a day to come, `unreadable` are paths that could not be copied (they are tried again by the
    next pull).
    """

    waiting: list[str]
    entered: int
    unrecognised: list[str]
    unreadable: list[str]


@dataclass(frozen=True)
class Delivery:
    """What the ledger knows of the latest content at a path."""

    delivery: int
    fingerprint: str
    sha256: str


def pull(settings: Settings, source: str | None = None, through: date | None = None) -> list[str]:
    """Pull what is new; returns the load ids that wait, in the order in which they are best loaded."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        report = pull_new(warehouse, settings, source, through)
    for code, paths in (("REG-201", report.unrecognised), ("REG-203", report.unreadable)):
        if paths:
            logger.warning("%s: %d objects were left alone. %s", code, len(paths), CODES[code])
    return report.waiting


def pull_new(
    warehouse: Warehouse, settings: Settings, source: str | None = None, through: date | None = None
) -> PullReport:
    """The same on an open warehouse; `source` and `through` (a batch date) narrow what is pulled."""
    extracts, landing = place(settings.extracts), place(settings.landing)
    known = _known(warehouse)
    entered = 0
    unrecognised: list[str] = []
    unreadable: list[str] = []
    for item, extract in _extracts(extracts, source):
        if extract is None:
            unrecognised.append(item.path)
        elif through is None or extract.batch_date <= through:
            latest = known.get(item.path)
            if latest is None or latest.fingerprint != item.mark:
                try:
                    entered += _land(warehouse, extracts, landing, item, extract, latest)
                except OSError:
                    unreadable.append(item.path)
    return PullReport(waiting_loads(warehouse, source, through), entered, unrecognised, unreadable)


def waiting_loads(warehouse: Warehouse, source: str | None = None, through: date | None = None) -> list[str]:
    """Load ids in state received: oldest batch first, patients before what speaks of them."""
    found = warehouse.run_file("ops/received_loads", source=source, through=through)
    order = {feed: number for number, feed in enumerate(contracts.FEEDS)}
    return [row.load_id for row in sorted(found, key=lambda row: (row.batch_date, order[row.feed]))]


def _known(warehouse: Warehouse) -> dict[str, Delivery]:
    return {
        f"{row.source}/{row.feed}/{row.batch_date}/{row.file_name}": Delivery(row.delivery, row.fingerprint, row.sha256)
        for row in warehouse.run_file("ops/latest_deliveries")
    }


def _extracts(extracts: Place, source: str | None) -> Iterator[tuple[Item, Extract | None]]:
    today = utc_now().date()
    for item in extracts.list():
        extract = parse(item.path, today)
        if source is None or item.path.startswith(f"{source}/"):
            yield item, extract


def _land(
    warehouse: Warehouse,
    extracts: Place,
    landing: Place,
    item: Item,
    extract: Extract,
    latest: Delivery | None,
) -> int:
    """Copy one object and enter it; returns 1 when its content is new, else 0."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        if not _copy_unchanged(extracts, item, copy):
            return 0
        with copy.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        delivery = latest.delivery + 1 if latest else 1
        if latest and latest.sha256 == sha256:
            with warehouse.transaction():
                _update_fingerprint(warehouse, item, extract, latest.delivery)
            return 0
        load_id = hashlib.sha256(f"{item.path}\n{delivery}\n{sha256}".encode()).hexdigest()[:16]
        folder_path = item.path.rpartition("/")[0]
        landing_uri = landing.store(copy, f"{folder_path}/{load_id}-{extract.file_name}")
    with warehouse.transaction():
        warehouse.run_file(
            "ops/enter_load",
            load_id=load_id,
            uri=extracts.uri(item.path),
            delivery=delivery,
            fingerprint=item.mark,
            landing_uri=landing_uri,
            sha256=sha256,
            size_bytes=item.size,
            received_at=utc_now(),
            **_identity(extract),
        )
        warehouse.run_file("ops/supersede", load_id=load_id)
        audit(warehouse)
    return 1


def _copy_unchanged(extracts: Place, item: Item, copy: Path) -> bool:
    """Copy an object; False when it changed meanwhile (it is pulled again by the next run)."""
    try:
        extracts.fetch(item.path, copy)
        return extracts.stat(item.path).mark == item.mark
    except FileNotFoundError:
        return False


def _update_fingerprint(warehouse: Warehouse, item: Item, extract: Extract, delivery: int) -> None:
    warehouse.run_file("ops/update_fingerprint", fingerprint=item.mark, delivery=delivery, **_identity(extract))


def _identity(extract: Extract) -> dict[str, Any]:
    return {
        "source": extract.source,
        "feed": extract.feed,
        "batch_date": extract.batch_date,
        "file_name": extract.file_name,
    }
