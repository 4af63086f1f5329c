"""Removes what nobody needs for ever: logs, reports, and what a killed copy has left. Facts are kept for ever."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from include.basics.settings import ROOT, Settings
from include.people.reporting.nightly import NAME, reports_folder

DAY = 24 * 3600
LOGS = (".log", ".jsonl")
"""How the names of Airflow's logs end, but for the number of one that was rotated."""


def logs_folder() -> Path:
    """Where Airflow's logs are: in the stack, or of `make nightly`."""
    home = Path(os.environ.get("NIGHTLY_HOME") or ROOT / ".airflow")
    return Path(os.environ.get("AIRFLOW__LOGGING__BASE_LOG_FOLDER") or home / "logs")


def clean(settings: Settings, days: int, *, dry_run: bool = False) -> list[Path]:
    """Remove what is older than some days, and folders of logs that have been empty as long; what it was."""
    removed = [path for path in _all(settings) if _age(path) > days * DAY]
    for path in () if dry_run else removed:
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
    return removed


def _all(settings: Settings) -> Iterator[Path]:
    """Never a landed file, its sidecar or a decision: of the landing area only copies that did not come to an end."""
    for folder, below, files in os.walk(logs_folder(), topdown=False):
        if not below and not files:
            yield Path(folder)
        yield from (Path(folder, name) for name in files if name.rstrip(".0123456789").endswith(LOGS))
    yield from (path for path in reports_folder().glob("validation-*") if NAME.fullmatch(path.name))
    if not settings.landing.startswith("s3://"):
        yield from Path(settings.landing.removeprefix("file://")).rglob("*.part")


def _age(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0
