"""What became of the rows, night by night and feed by feed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from include.basics.errors import CODES
from include.basics.settings import Settings
from include.basics.visible import visible
from include.people.reporting.frames import console, print_counts, print_frame
from include.pipeline.marts.disclosure import NOTICE
from include.warehouse import open_warehouse
from include.warehouse.address import read_url
from include.warehouse.sql import select_text

if TYPE_CHECKING:
    import pandas as pd

    from include.pipeline.landing import NotPulled
    from include.pipeline.receiving.report import LoadReport
    from include.running.cli.run import RunReport

MOST_PATHS = 20
COUNTS = ["received", "loaded", "updated", "unchanged", "quarantined", "waiting", "cells_set_aside"]


def print_nights(settings: Settings) -> None:
    """Per night and feed what became of files and rows, as the ledger says now, and every file that is held."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        print_frame(_with_sites(warehouse.frame(select_text("ops/nights"))), title="Nights")
        for load in warehouse.run(select_text("reporting/held")):
            _print_held(load, load.reason, load.reason_code)


def print_run(report: "RunReport", as_json: bool) -> None:
    """What one run on the command line did."""
    if as_json:
        print(json.dumps(_as_dict(report)))
        return
    if report.loads:
        print_counts(_by_feed(report.loads), title="Loaded by this run")
    else:
        print("Nothing new.")
    for load in report.loads:
        if load.state == "held":
            _print_held(load, str(load.reason), str(load.reason_code))
    _print_not_pulled(report.not_pulled)
    print(f"Patients derived: {report.patients_derived}. Marts refreshed: {report.marts_refreshed}.")
    if report.tells_few:
        console().print(NOTICE, highlight=False, soft_wrap=True)
    shown = read_url(report.settings.warehouse).render_as_string(hide_password=True)
    console().print(f"Warehouse: {shown}", highlight=False)


def _print_not_pulled(found: Iterable["NotPulled"]) -> None:
    for code, group in groupby(sorted(found, key=lambda one: one.code), key=lambda one: one.code):
        files = list(group)
        what = "could not be copied" if files[0].is_missing else "were left alone"
        print(f"{code}: {len(files)} files {what}. {CODES[code]}")
        print("\n".join(f"  {visible(one.path)}" for one in files[:MOST_PATHS]))
        if len(files) > MOST_PATHS:
            print(f"  and {len(files) - MOST_PATHS} more: ./registry show ops.not_pulled")


def _print_held(load: Any, reason: str, code: str) -> None:
    feed = f"{load.site}/{load.feed}" if load.site else load.feed
    line = f"Held: load {load.load_id} ({feed}, {load.batch_date}): {reason.rstrip('.')}. {CODES[code]}"
    console().print(visible(line), highlight=False, soft_wrap=True)


def _by_feed(loads: Sequence["LoadReport"]) -> list[dict[str, str | int]]:
    """What became of the rows of each night and feed; `site` is left out where no site has sent anything."""
    sites = ["site"] if any(load.site for load in loads) else []
    names = ["batch_date", *sites, "feed"]
    place = attrgetter(*names)
    groups = groupby(sorted(loads, key=place), key=place)
    return [dict(zip(names, found, strict=True)) | _summed(list(group)) for found, group in groups]


def _summed(loads: list["LoadReport"]) -> dict[str, int]:
    counts = {name: sum(getattr(load, name) for load in loads) for name in COUNTS}
    return counts | {"held": sum(load.state == "held" for load in loads)}


def _with_sites(counts: "pd.DataFrame") -> "pd.DataFrame":
    """The counts without the column `site` where no site has sent anything."""
    return counts if counts["site"].any() else counts.drop(columns="site")


def _as_dict(report: "RunReport") -> dict[str, object]:
    return {
        "loads": [asdict(load) for load in report.loads],
        "failed": report.failed,
        "unrecognised": [one.path for one in report.not_pulled if not one.is_missing],
        "unreadable": [one.path for one in report.not_pulled if one.is_missing],
        "not_pulled": [asdict(one) for one in report.not_pulled],
        "broken_rules": report.broken_rules,
        "patients_derived": report.patients_derived,
        "marts_refreshed": report.marts_refreshed,
        "tells_few": report.tells_few,
    }
