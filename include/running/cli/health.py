"""Whether all is well: the warehouse, the departments, files, marts, and room on the disks."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from include.basics.errors import RegistryError
from include.basics.settings import ROOT, Settings
from include.running.cli.options import places, report_errors, settings_of

GIB = 1 << 30
ENOUGH = GIB
"""How many bytes have to be free on each disk."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: whether it is well, in words, and its figures."""

    name: str
    is_well: bool
    what: str
    figures: dict[str, Any]


@click.command()
@places
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@report_errors
def health(warehouse: str | None, landing: str | None, as_json: bool) -> None:
    """Say whether all is well: exit 0, or 1 when something is not. Files that are held wait for people: see alarms."""
    checks = list(look(settings_of(None, warehouse, landing)))
    if as_json:
        click.echo(json.dumps({"is_well": _all(checks), "checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            click.echo(f"{'well' if check.is_well else 'NOT WELL':<8}  {check.name:<20}  {check.what}")
    if not _all(checks):
        sys.exit(1)


def look(settings: Settings) -> Iterator[Check]:
    """The checks one after the other; of a warehouse that cannot be opened, the first says why."""
    from include.warehouse import open_warehouse

    try:
        with open_warehouse(settings.warehouse, read_only=True) as warehouse:
            checks = list(_of_warehouse(warehouse))
    except RegistryError as error:
        checks = [Check("warehouse", False, str(error), {"code": error.code})]
    yield from checks
    yield from _room(settings)


def _all(checks: list[Check]) -> bool:
    return all(check.is_well for check in checks)


def _of_warehouse(warehouse: Any) -> Iterator[Check]:
    from include.pipeline.marts.disclosure import NOTICE, tells_few
    from include.warehouse.versions import STEP, newest

    version = int(warehouse.scalar(f"SELECT fingerprint FROM ops.step WHERE step = '{STEP}'"))
    known = newest()["version"]
    told = f"version {version}" if version == known else f"version {version}, the program's is {known}: registry run"
    yield Check("warehouse", version == known, told, {"version": version, "program": known})
    yield from _sources(warehouse)
    held, missing = (
        warehouse.scalar(f"SELECT COUNT(*) FROM {table} WHERE {state}")
        for table, state in (("ops.file_state", "state = 'held'"), ("ops.not_pulled", "is_missing"))
    )
    yield Check("held files", True, f"{held} wait for a decision", {"files": held})
    yield Check("copied files", not missing, f"{missing} could not be copied", {"missing": missing})
    is_stale, at = warehouse.marts_are_stale(), warehouse.scalar("SELECT MAX(refreshed_at) FROM marts.feed_freshness")
    moment = at.isoformat(timespec="seconds") if at else None
    told = f"refreshed {moment} UTC{', older than the record: registry run' if is_stale else ''}"
    yield Check("marts", not is_stale, told, {"is_stale": is_stale, "refreshed_at": moment})
    bare = tells_few(warehouse)
    yield Check("small cells", True, NOTICE if bare else "withheld, or of the sample study", {"tells_few": bare})


def _sources(warehouse: Any) -> Iterator[Check]:
    asked = "SELECT site, source, last_batch_date, is_late FROM ops.freshness ORDER BY site, source"
    for row in warehouse.run(asked).all():
        name = f"{row.site}/{row.source}" if row.site else row.source
        day = row.last_batch_date and row.last_batch_date.isoformat()
        told = f"last night {day}{', late' if row.is_late else ''}" if day else "nothing yet"
        yield Check(f"source {name}", not row.is_late, told, {"last_batch_date": day, "is_late": bool(row.is_late)})


def _room(settings: Settings) -> Iterator[Check]:
    places = {"scratch": os.environ.get("SCRATCH") or str(ROOT / "var" / "scratch"), "landing": settings.landing}
    if settings.warehouse.startswith("duckdb:///"):
        places["warehouse"] = settings.warehouse.removeprefix("duckdb:///")
    for name, place in places.items():
        if not place.startswith("s3://"):
            way = (Path(place).absolute(), *Path(place).absolute().parents)
            free = shutil.disk_usage(next(folder for folder in way if folder.exists())).free
            yield Check(f"room for {name}", free >= ENOUGH, f"{free / GIB:.1f} GiB free", {"free_bytes": free})
