"""`python -m include.nightly`: the nights through Airflow, to fresh marts. `... serve`: Airflow with its web pages.

Exit codes: 0 done, 1 a task or a component failed, 2 wrong usage or another instance runs, 130 interrupted.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from types import FrameType

from rich.console import Console
from sqlalchemy import make_url

from include.marts.snapshot import snapshot_of
from include.nightly.api import Airflow
from include.nightly.components import ComponentFailed, Components, running
from include.nightly.home import USER, Home, HomeInUse
from include.nightly.nights import rounds
from include.nightly.progress import Progress
from include.nightly.rounds import RoundFailed, play, wait_until_ready
from include.reporting import print_nights, print_outcomes
from include.settings import Settings

NIGHTLY = ("api-server", "scheduler", "dag-processor")
SERVE = (*NIGHTLY, "triggerer")


def main() -> int:
    """Run the command of the arguments; its exit code."""
    console = Console()
    command = {(): nightly, ("serve",): serve}.get(tuple(sys.argv[1:]))
    if command is None:
        console.print("usage: python -m include.nightly [serve]")
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        command(console, Settings.from_environment())
    except HomeInUse as error:
        console.print(str(error), highlight=False)
        return 2
    except (RoundFailed, ComponentFailed) as error:
        console.print(f"[red]{error}[/]", highlight=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("Interrupted; Airflow is stopped. The next run goes on where this one ended.")
        return 130
    return 0


def nightly(console: Console, settings: Settings) -> None:
    """Run every round that has something to do, then print what the nights did; nothing new ends at once."""
    progress = Progress(console)
    waiting = rounds(settings)
    first = next(waiting, None)
    if first is None:
        progress.say("Nothing is new: every extract is in the ledger, and the marts are fresh.")
    else:
        with _airflow(progress, settings, Home.prepare(), *NIGHTLY, clock=False) as (airflow, components, home):
            for one in chain([first], waiting):
                progress.night = one.name
                play(airflow, components, home, progress, one.sources)
    print_nights(settings)
    print_outcomes(settings)
    _print_places(progress, settings)


def serve(console: Console, settings: Settings) -> None:
    """Keep Airflow with its schedules and web pages until it is interrupted."""
    progress = Progress(console)
    home = Home.prepare(int(os.environ.get("PORT") or 8080))
    with _airflow(progress, settings, home, *SERVE, clock=True) as (_, components, home):
        progress.say(f"Airflow: {home.url}   login: {USER}   password: {home.password}   (Ctrl-C stops it)")
        while True:
            components.check()
            time.sleep(1)


@contextmanager
def _airflow(
    progress: Progress, settings: Settings, home: Home, *names: str, clock: bool
) -> Iterator[tuple[Airflow, Components, Home]]:
    start, since = time.monotonic(), datetime.now(UTC)
    progress.say("Starting Airflow ...")
    with home.locked(), running(home, home.environment(settings, clock=clock), *names) as components:
        airflow = Airflow(home)
        wait_until_ready(airflow, components, since)
        progress.say(f"Airflow is ready after {time.monotonic() - start:.0f} s: {home.url}")
        yield airflow, components, home
        airflow.close()


def _print_places(progress: Progress, settings: Settings) -> None:
    warehouse = make_url(settings.warehouse)
    progress.say(f"Warehouse     {warehouse}")
    if warehouse.get_backend_name() == "duckdb" and warehouse.database:
        progress.say(f"Marts         {snapshot_of(warehouse.database)} (a copy for BI tools)")
    progress.say(f"Landed files  {settings.landing}")
    progress.say("Web pages     make serve")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
