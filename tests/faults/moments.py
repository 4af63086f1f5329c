"""Nights that are disturbed at random moments: the next one completes, and every table is the undisturbed one's."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.settings import Settings
from include.history.verify import OF_THE_ENGINE, OF_THE_RUN, difference, made_tables
from include.history.world import fact_tables, tables_of
from include.pipeline.landing.places import place
from include.pipeline.landing.sidecar import read_sidecars
from include.pipeline.marts.snapshot import snapshot_of
from include.pipeline.receiving.landed import local_file
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.schema import mart_tables
from include.warehouse.tables import Table
from tests.faults.forms import KILL, SKEW, Form, forms
from tests.faults.night import Night, write_extracts

DAY = 24 * 3600.0
SKEWS = (-3650 * DAY, -2 * DAY, -3600.0, 3600.0, 2 * DAY, 3650 * DAY)
LASTS = (0.0, 0.3, 1.0, 3.0, 10.0)
"""Seconds until what failed is there again, if the night has not ended before."""
LEFT_OUT = OF_THE_RUN | {"received_at", "started_at", "finished_at", "seen_at", "last_loaded_at"}
OF_THE_PLACE = OF_THE_ENGINE | {"uri", "landing_uri"}


def moments(seeds: list[str], folder: Path) -> Iterator[dict[str, Any]]:
    """What came of each disturbed night; `wrong` is empty where all was well."""
    if not seeds:
        return
    write_extracts(folder / "extracts")
    with forms(folder, folder / "extracts") as ready:
        lasts = {form.name: undisturbed(form) for form in ready}
        on_duckdb = ready[0].fresh()
        Night(on_duckdb, ready[0].scratch).end()
        shutil.copyfile(on_duckdb.warehouse.removeprefix("duckdb:///"), folder / "undisturbed.duckdb")
        with open_warehouse(f"duckdb:///{folder / 'undisturbed.duckdb'}") as reference:
            for seed in seeds:
                yield moment(ready, lasts, reference, seed)


def undisturbed(form: Form) -> float:
    """How many seconds a night takes that is left alone."""
    settings, begun = form.fresh(), time.monotonic()
    ended = Night(settings, form.scratch).end()
    if ended.how != "done":
        raise RuntimeError(f"An undisturbed night ended {ended}.")
    return time.monotonic() - begun


def moment(ready: list[Form], lasts: dict[str, float], reference: Warehouse, seed: str) -> dict[str, Any]:
    """Disturb a night, run the next one, and compare. One that ended too early tells how long nights take by now."""
    random = Random(f"moment {seed}")  # noqa: S311
    form, fault = fault_of(ready, int(seed.rpartition("-")[2]))
    after, pause, skew = lasts[form.name] * random.random(), random.choice(LASTS), random.choice(SKEWS)
    settings = form.fresh()
    night, begun = (
        Night(settings, form.scratch, **({"after": after, "by": skew} if fault == SKEW else {})),
        time.monotonic(),
    )
    night.process.join(after)
    told = {"seed": seed, "form": form.name, "fault": fault, "after_seconds": round(after, 2), "pause_seconds": pause}
    told |= {"skew_seconds": skew} if fault == SKEW else {}
    told["hit"] = night.is_running
    if not told["hit"]:
        lasts[form.name] = time.monotonic() - begun
    if fault == KILL:
        night.process.kill()
    form.faults[fault].strike()
    night.process.join(pause)
    form.faults[fault].restore()
    ended = night.end()
    again = Night(settings, form.scratch).end()
    wrong = [] if ended.is_told else [f"the night {ended.how}: {ended.told}"]
    wrong += [] if again.how == "done" else [f"the next night {again.how}: {again.told}"]
    wrong += differing(reference, settings) + unrest(settings) + not_landed(settings)
    return {**told, "step": ended.step, "ended": ended.how, "codes": ended.told, "wrong": wrong}


def fault_of(ready: list[Form], number: int) -> tuple[Form, str]:
    """Each fault of each form in turn, and between them a night that is killed."""
    one_each = [(form, fault) for form in ready for fault in sorted(form.faults, reverse=True) if fault != KILL]
    form, fault = one_each[number // 2 % len(one_each)]
    return (form, fault) if number % 2 == 0 else (ready[number // 2 % len(ready)], KILL)


def differing(reference: Warehouse, settings: Settings) -> list[str]:
    """The tables that are not those of the undisturbed nights, and the readers' copy where it is not."""
    left_out = LEFT_OUT if settings.warehouse.startswith("duckdb:") else LEFT_OUT | OF_THE_PLACE
    found = compared(reference, settings.warehouse, [*fact_tables(), *made_tables()], left_out)
    if settings.warehouse.startswith("duckdb:"):
        snapshot = snapshot_of(settings.warehouse.removeprefix("duckdb:///"))
        found += [
            f"{name} as published" for name in compared(reference, f"duckdb:///{snapshot}", mart_tables(), LEFT_OUT)
        ]
    return found


def compared(reference: Warehouse, url: str, tables: list[Table], left_out: set[str]) -> list[str]:
    """The tables of which another warehouse has other rows."""
    with scratch() as folder, tables_of(url, reference, folder) as stored:
        found = [difference(reference, table, stored, left_out) for table in tables]
    return [f"{one.table}: {one.rows} rows differ" for one in found if one]


def unrest(settings: Settings) -> list[str]:
    """What the nights have left to be done."""
    with open_warehouse(settings.warehouse) as warehouse:
        due = warehouse.run_file("history/unrest").scalar()
        published = warehouse.generation("publish") == warehouse.generation("refresh")
        return [f"{due} things are due"] * bool(due) + ["marts are stale"] * (
            warehouse.marts_are_stale() or not published
        )


def not_landed(settings: Settings) -> list[str]:
    """The files whose landed copy is not what was sent, or lies there without its ledger entry."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        entries = warehouse.run("SELECT load_id, landing_uri, sha256 FROM received.file").mappings().all()
    kept = {entry["load_id"] for entry in read_sidecars(place(settings.landing))}
    wrong = []
    for entry in entries:
        try:
            with local_file(entry):
                if entry["landing_uri"].startswith(settings.landing) and entry["load_id"] not in kept:
                    wrong.append("a landed copy has no entry beside it")
        except RegistryError as error:
            wrong.append(f"a landed copy: {error.code}")
    return wrong
