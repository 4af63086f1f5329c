"""One round: say that files have arrived, then follow Airflow until nothing is left to do."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from include.nightly.api import ACTIVE, Airflow
from include.nightly.components import ComponentFailed, Components
from include.nightly.home import Home
from include.nightly.progress import Progress
from include.nightly.wiring import SOURCES, extracts_of

DAGS = [*(f"ingest_{source}" for source in SOURCES), "derive", "refresh_marts"]

START_SECONDS = 180.0
POLL_SECONDS = 0.7


@dataclass(frozen=True)
class Failure:
    """A failed task and where its log is."""

    dag: str
    task: str
    log: str


class RoundFailed(Exception):
    """Some tasks of a round failed."""

    def __init__(self, failures: list[Failure]) -> None:
        super().__init__("\n".join(f"{one.dag} {one.task} failed: see {one.log}" for one in failures))
        self.failures = failures


def wait_until_ready(airflow: Airflow, components: Components, since: datetime) -> None:
    """Wait until the API answers, the scheduler is up and every DAG file was read after `since`."""
    deadline = time.monotonic() + START_SECONDS
    while not _ready(airflow, since):
        components.check()
        if time.monotonic() > deadline:
            raise ComponentFailed(f"Airflow was not ready within {START_SECONDS:.0f} seconds")
        time.sleep(0.3)
    airflow.ensure_pool()


def _ready(airflow: Airflow, since: datetime) -> bool:
    try:
        airflow.log_in()
        return airflow.healthy() and set(DAGS) <= airflow.parsed_since(since)
    except httpx.HTTPError:
        return False


def play(airflow: Airflow, components: Components, home: Home, progress: Progress, sources: Iterable[str]) -> None:
    """Post the arrival of the sources' files and wait until every DAG that it woke has ended.

    Raises RoundFailed after everything that could be done is done.
    """
    start = datetime.now(UTC)
    for source in sources:
        airflow.announce(extracts_of(source).name)
    seen = start
    while True:
        components.check()
        done, now = _settled(airflow, start), datetime.now(UTC)
        progress.show(airflow.changed_tasks(seen - timedelta(seconds=2)))
        if done:
            break
        seen = now
        time.sleep(POLL_SECONDS)
    failures = _failures(airflow, home, start)
    if failures:
        raise RoundFailed(failures)


def _settled(airflow: Airflow, start: datetime) -> bool:
    """No run is active, and no event waits to become one.

    An event can become a run between two questions, so the runs are asked for twice.
    """
    before = airflow.runs(start)
    if _active(before) or airflow.event_waits(DAGS):
        return False
    after = airflow.runs(start)
    return len(after) == len(before) and not _active(after)


def _active(runs: list[dict[str, Any]]) -> bool:
    return any(run["state"] in ACTIVE for run in runs)


def _failures(airflow: Airflow, home: Home, start: datetime) -> list[Failure]:
    failed = [task for task in airflow.changed_tasks(start) if task.state == "failed"]
    return [Failure(task.dag, task.name, str(_log(home, task.dag, task.run, task.task))) for task in failed]


def _log(home: Home, dag: str, run: str, task: str) -> str:
    return str(home.folder / "logs" / f"dag_id={dag}" / f"run_id={run}" / f"task_id={task}")
