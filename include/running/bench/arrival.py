"""Measures how long a file takes from the extracts to fresh marts, through a running Airflow: `make bench-arrival`.

Airflow loads the sample study's first night; the laboratory's files of the nights after it are the files that arrive,
one after the other, while nothing else runs. The watcher looks every ARRIVAL_SECONDS (5 here) and loads a file that it
has seen twice alike, so up to two of its intervals are its own.
"""

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from include.basics.settings import ROOT, Settings
from include.pipeline.marts.snapshot import snapshot_of
from include.running.nightly.__main__ import SERVE
from include.running.nightly.home import EVENTS_ONLY, Home
from include.running.nightly.session import PIPELINE, Session, session
from include.study.sample import NIGHTS, write_night

FOLDER = ROOT / "var" / "bench" / "arrival"
INTERVAL = 5
LONGEST_SECONDS = 300.0


def main() -> None:
    """Print the seconds of each file, and their median."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    write_night(FOLDER / "extracts", NIGHTS[0])
    settings = Settings.of(str(FOLDER / "extracts"), f"duckdb:///{FOLDER / 'registry.duckdb'}")
    os.environ |= {**EVENTS_ONLY, "ARRIVAL_SECONDS": str(INTERVAL), "NIGHTLY_HOME": str(FOLDER / "airflow")}
    with session(settings, Home.prepare(), *SERVE, clock=True) as started:
        wait_for(snapshot_of(str(FOLDER / "registry.duckdb")).exists)
        seconds = [_seconds(started, settings, number) for number in range(1, len(NIGHTS))]
    for night, taken in zip(NIGHTS[1:], seconds, strict=True):
        print(f"{night}: {taken:.1f} s from the file to fresh marts")
    print(f"median: {statistics.median(seconds):.1f} s; the watcher looks every {INTERVAL} s")


def _seconds(started: Session, settings: Settings, number: int) -> float:
    """From the moment that the file of a night is there until readers have marts that were made with it."""
    wait_for(lambda: not started.airflow.is_active(PIPELINE) and not started.airflow.event_waits(PIPELINE))
    marts = snapshot_of(str(FOLDER / "registry.duckdb"))
    before = marts.stat().st_mtime_ns
    arrived = _deliver(Path(settings.extracts), number)
    wait_for(lambda: marts.stat().st_mtime_ns > before)
    return time.monotonic() - arrived


def _deliver(extracts: Path, number: int) -> float:
    written = write_night(FOLDER / "written", NIGHTS[number])
    file = next(file for file in written if "laboratory" in file.parts)
    target = extracts / file.relative_to(FOLDER / "written")
    target.parent.mkdir(parents=True, exist_ok=True)
    file.rename(target)
    return time.monotonic()


def wait_for(question: Callable[[], bool]) -> None:
    """Ask until the answer is yes; ends the program when that takes too long."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not question():
        if time.monotonic() > deadline:
            sys.exit(f"Nothing happened within {LONGEST_SECONDS:.0f} s: see {FOLDER / 'airflow' / 'logs'}")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
