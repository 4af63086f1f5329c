"""`python -m include.running.nightly`: the nights through Airflow, to fresh marts; `serve`: Airflow with its pages.

Exit codes: 0 done, 1 a task or a component failed, 2 wrong usage or another instance runs, 130 interrupted.
"""

import signal
import sys
import time
from datetime import UTC, datetime
from itertools import chain
from types import FrameType

from rich.console import Console

from include.basics.errors import RegistryError
from include.basics.settings import Settings, whole
from include.people.reporting import print_nights, print_outcomes
from include.people.reporting.nightly import reports_folder
from include.pipeline.marts.snapshot import snapshot_of
from include.running.nightly.components import ComponentError
from include.running.nightly.home import USER, Home, HomeInUseError
from include.running.nightly.nights import rounds
from include.running.nightly.progress import Progress
from include.running.nightly.session import RoundError, session
from include.warehouse import open_warehouse, prepare
from include.warehouse.address import read_url

NIGHTLY = ("api-server", "scheduler", "dag-processor")
SERVE = (*NIGHTLY, "triggerer")


def main() -> int:
    """Run the command of the arguments; its exit code."""
    progress = Progress(Console())
    command = {(): nightly, ("serve",): serve}.get(tuple(sys.argv[1:]))
    if command is None:
        progress.say("usage: python -m include.running.nightly [serve]")
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        command(progress, Settings.from_environment())
    except HomeInUseError as error:
        progress.say(str(error))
        return 2
    except (RoundError, ComponentError, RegistryError) as error:
        progress.say((str(error), "red"))
        return 1
    except KeyboardInterrupt:
        progress.say("Interrupted; Airflow is stopped. The next run goes on where this one ended.")
        return 130
    return 0


def nightly(progress: Progress, settings: Settings) -> None:
    """Run every round that has something to do, then print what the nights did; nothing new ends at once."""
    waiting = rounds(settings)
    first = next(waiting, None)
    if first is None:
        progress.say("Nothing is new: every extract is in the ledger, and the marts are fresh.")
    else:
        began, started = time.monotonic(), datetime.now(UTC)
        progress.say("Starting Airflow ...")
        with session(settings, Home.prepare(), *NIGHTLY, clock=False) as airflow:
            progress.say(f"Airflow is ready after {time.monotonic() - began:.0f} s at {airflow.home.url}")
            for one in chain([first], waiting):
                progress.night = one.name
                airflow.play(one.sources, progress)
            airflow.finish(started, progress)
    print_nights(settings)
    print_outcomes(settings)
    _print_places(progress, settings)


def serve(progress: Progress, settings: Settings) -> None:
    """Keep Airflow with its schedules and web pages until it is interrupted."""
    home = Home.prepare(whole("PORT", 8080, least=1))
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)  # some DAGs read only
    progress.say("Starting Airflow ...")
    with session(settings, home, *SERVE, clock=True) as airflow:
        progress.say(f"{home.url}   login: {USER}   password: {home.password}   (Ctrl-C stops it)")
        while True:
            airflow.components.check()
            time.sleep(1)


def _print_places(progress: Progress, settings: Settings) -> None:
    warehouse = read_url(settings.warehouse)
    progress.say(f"Warehouse     {warehouse}")
    if warehouse.drivername == "duckdb" and warehouse.database:
        progress.say(f"Marts         {snapshot_of(warehouse.database)} (a copy for BI tools)")
    progress.say(f"Landed files  {settings.landing}")
    progress.say(f"Reports       {reports_folder()}")
    progress.say("Web pages     make serve")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
