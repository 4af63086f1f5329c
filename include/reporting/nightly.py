"""What a night leaves for people to read: its validation report, and Data Docs, in the folder of reports."""

import os
import re
from pathlib import Path

from include.settings import ROOT, Settings
from include.warehouse import open_warehouse

KEPT_NIGHTS = 30
NAME = re.compile(r"validation-(\d{4}-\d{2}-\d{2})\.(html|json|csv)")


def reports_folder() -> Path:
    """Where reports go: the environment variable REPORTS, by default var/reports of the project."""
    return Path(os.environ.get("REPORTS") or ROOT / "var" / "reports")


def write_night(settings: Settings, folder: Path) -> int:
    """Write the latest night's report and remove those before the last 30; how many files were written."""
    from include.reporting.validation import write_report

    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        written = write_report(warehouse, folder)
    _remove_old(folder)
    return len(written)


def write_data_docs(settings: Settings, folder: Path) -> int:
    """Bring the Data Docs in `data_docs` below the folder up to date; how many loads they have."""
    from include.reporting.data_docs import build_site

    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return build_site(warehouse, folder / "data_docs")


def _remove_old(folder: Path) -> None:
    found = [(match[1], file) for file in folder.glob("validation-*") if (match := NAME.fullmatch(file.name))]
    kept = sorted({night for night, _ in found})[-KEPT_NIGHTS:]
    for night, file in found:
        if night not in kept:
            file.unlink()
