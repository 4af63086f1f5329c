"""What became of the rows, night by night and feed by feed."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from include.errors import CODES
from include.reporting.frames import console, print_frame
from include.settings import Settings
from include.warehouse import open_warehouse
from include.warehouse.sql import select_text

if TYPE_CHECKING:
    from include.cli.run import RunReport

COUNTS = ["received", "loaded", "updated", "unchanged", "quarantined", "waiting"]


def print_nights(settings: Settings) -> None:
    """Per night and feed what became of files and rows, as the ledger says now, and every file that is held."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        print_frame(warehouse.frame(select_text("ops/nights")), title="Nights")
        for load in warehouse.run(select_text("reporting/held")):
            _print_held(load.load_id, load.feed, str(load.batch_date), load.reason, load.reason_code)


def print_run(report: "RunReport", as_json: bool) -> None:
    """What one run on the command line did."""
    if as_json:
        print(json.dumps(_as_dict(report)))
        return
    if report.loads:
        print_frame(_by_feed(report), title="Loaded by this run")
    else:
        print("Nothing new.")
    for load in report.loads:
        if load.state == "held":
            _print_held(load.load_id, load.feed, load.batch_date, str(load.reason), str(load.reason_code))
    for code, paths in (("REG-201", report.unrecognised), ("REG-203", report.unreadable)):
        if paths:
            print(f"{code}: {len(paths)} objects were left alone. {CODES[code]}")
            print("\n".join(f"  {path}" for path in paths[:20]))
    print(f"Patients derived: {report.patients_derived}. Marts refreshed: {report.marts_refreshed}.")
    shown = sa.make_url(report.settings.warehouse).render_as_string(hide_password=True)
    console().print(f"Warehouse: {shown}", highlight=False)


def _print_held(load_id: str, feed: str, batch_date: str, reason: str, code: str) -> None:
    line = f"Held: load {load_id} ({feed}, {batch_date}): {reason.rstrip('.')}. {CODES[code]}"
    console().print(line, highlight=False, soft_wrap=True)


def _by_feed(report: "RunReport") -> pd.DataFrame:
    loads = pd.DataFrame([load.counts() for load in report.loads])
    grouped = loads.groupby(["batch_date", "feed"], sort=True)
    held = grouped["state"].apply(lambda states: (states == "held").sum())
    return grouped[COUNTS].sum().assign(held=held).reset_index()


def _as_dict(report: "RunReport") -> dict[str, object]:
    return {
        "loads": [asdict(load) for load in report.loads],
        "failed": report.failed,
        "unrecognised": report.unrecognised,
        "unreadable": report.unreadable,
        "broken_rules": report.broken_rules,
        "patients_derived": report.patients_derived,
        "marts_refreshed": report.marts_refreshed,
    }
