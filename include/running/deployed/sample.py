"""`python -m include.running.deployed.sample [together]`: the sample study's nights through a running platform.

It puts a night's files into the extracts as the departments would, and waits until the platform has made the marts of
it by itself: nothing here starts a DAG. A file that is there already is not delivered again; `together` delivers all
nights before it waits.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console

from include.basics.settings import Settings
from include.people.reporting import print_nights, print_outcomes
from include.pipeline.landing.places import place
from include.study.sample import NIGHTS, write_night
from include.warehouse import open_warehouse

PATIENCE_SECONDS = 900.0
POLL_SECONDS = 2.0


def main() -> int:
    """Deliver night after night; 0 = the marts are fresh, 1 = they were not in time."""
    console, settings = Console(soft_wrap=True), Settings.from_environment()
    for nights in [NIGHTS] if sys.argv[1:] == ["together"] else [(night,) for night in NIGHTS]:
        began = time.monotonic()
        paths = [path for night in nights for path in deliver(settings.extracts, night)]
        if not until(lambda paths=paths: is_done(settings, paths)):  # type: ignore[misc]
            console.print(f"{nights[-1]}  not in the marts after {PATIENCE_SECONDS:.0f} s: see the logs of the workers")
            return 1
        console.print(f"{nights[-1]}  {len(paths)} files in the marts after {time.monotonic() - began:.0f} s")
    print_nights(settings)
    print_outcomes(settings)
    return 0


def deliver(extracts: str, night: date) -> list[str]:
    """Put the files of a night that are not there into the extracts; the paths of all of them."""
    target = place(extracts)
    there = {item.path for item in target.list()}
    with tempfile.TemporaryDirectory() as folder:
        paths = {file.relative_to(folder).as_posix(): file for file in write_night(Path(folder), night)}
        for path, file in paths.items():
            if path not in there:
                target.store(file, path)
    return list(paths)


def is_done(settings: Settings, paths: list[str]) -> bool:
    """Whether all these files were received, and nothing is left to derive or to refresh."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        known = warehouse.run(
            "SELECT source, feed, batch_date, file_name FROM ops.file_state WHERE state <> 'received'"
        )
        received = {f"{row.source}/{row.feed}/{row.batch_date}/{row.file_name}" for row in known}
        touched = warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient")
        return received >= set(paths) and not touched and not warehouse.marts_are_stale()


def until(happened: Callable[[], bool]) -> bool:
    """Wait for something; whether it has happened in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


if __name__ == "__main__":
    sys.exit(main())
