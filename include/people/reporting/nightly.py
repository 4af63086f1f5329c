"""What a night leaves for people to read: its validation report, and Data Docs, in the folder of reports."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include.basics.settings import ROOT, Settings
from include.warehouse import open_warehouse
from include.warehouse.sql import select_text

KEPT_NIGHTS = 30
NAME = re.compile(r"validation-(\d{4}-\d{2}-\d{2})\.(html|json|csv)")


def reports_folder() -> Path:
    """Where reports go: the environment variable REPORTS, by default var/reports of the project."""
    return Path(os.environ.get("REPORTS") or ROOT / "var" / "reports")


def write_nights(settings: Settings, folder: Path) -> int:
    """Write the reports that are due, and remove those before the last 30 nights; how many nights were reported.

    Due are the latest night always, and of the last 30 each whose report is missing or older than what happened to one
    of its files: a run makes up for missed ones, and for a file that came late. None is due while the marts are stale,
    for half of a report is read from them.
    """
    from include.people.reporting.validation import write_report

    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        if warehouse.marts_are_stale():
            return 0
        nights = warehouse.run(select_text("reporting/validation/nights")).all()
        due = [night.batch_date for night in nights if night is nights[0] or _is_due(night, folder)]
        for day in due:
            write_report(warehouse, folder, day)
    _remove_old(folder)
    return len(due)


def _is_due(night: Any, folder: Path) -> bool:
    report = folder / f"validation-{night.batch_date}.html"
    if not report.exists():
        return True
    written = datetime.fromtimestamp(report.stat().st_mtime, UTC).replace(tzinfo=None)
    return night.changed_at is not None and night.changed_at > written


def write_data_docs(settings: Settings, folder: Path) -> int:
    """Bring the Data Docs in `data_docs` below the folder up to date; how many loads they have."""
    from include.people.reporting.data_docs import build_site

    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return build_site(warehouse, folder / "data_docs")


def _remove_old(folder: Path) -> None:
    found = [(match[1], file) for file in folder.glob("validation-*") if (match := NAME.fullmatch(file.name))]
    kept = sorted({night for night, _ in found})[-KEPT_NIGHTS:]
    for night, file in found:
        if night not in kept:
            file.unlink()
