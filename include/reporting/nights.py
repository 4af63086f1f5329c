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
    """Per night and feed: files, rows received and what became of them, as the ledger says now."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        print_frame(warehouse.frame(select_text("ops/nights")), title="Nights")


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
            print(f"Held: load {load.load_id} ({load.feed}, {load.batch_date}): {load.reason}")
    for code, paths in (("REG-201", report.unrecognised), ("REG-203", report.unreadable)):
        if paths:
            print(f"{code}: {len(paths)} objects were left alone. {CODES[code]}")
            print("\n".join(f"  {path}" for path in paths[:20]))
    print(f"Patients derived: {report.patients_derived}. Marts refreshed: {report.marts_refreshed}.")
    shown = sa.make_url(report.settings.warehouse).render_as_string(hide_password=True)
    console().print(f"Warehouse: {shown}", highlight=False)


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
