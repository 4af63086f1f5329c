"""A running Airflow, and a round in it: say that files have arrived, follow until nothing is left to do."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from include.basics.settings import Settings
from include.people.asking.runs import CARRY_OUT, DECIDE
from include.running.nightly.api import Airflow, TaskState
from include.running.nightly.components import ComponentError, Components, running
from include.running.nightly.home import Home
from include.running.nightly.names import SOURCES, extracts_asset
from include.running.nightly.progress import Progress

PIPELINE = [*(f"ingest_{source}" for source in SOURCES), "derive", "refresh_marts"]
"""What makes the marts of a night; a round waits for these, and not for people to decide."""

AFTERWARDS = ["watch", "report"]
"""What the marts wake: alarms and reports. Nothing waits for them until the last round is over."""

EXPECT = [f"expect_{source}" for source in SOURCES]
"""What raises an alert while a department is late; no round waits for it."""

DAGS = [*PIPELINE, *AFTERWARDS, DECIDE, CARRY_OUT, *EXPECT]

START_SECONDS = 180.0
POLL_SECONDS = 0.7


class RoundError(Exception):
    """Some tasks of a round failed; the message names each with its log."""

    def __init__(self, failures: list[tuple[TaskState, Path]]) -> None:
        super().__init__("\n".join(f"{task.dag} {task.name} failed: see {log}" for task, log in failures))
        self.failures = failures


@dataclass(frozen=True)
class Session:
    """Airflow as it runs in a home."""

    home: Home
    components: Components
    airflow: Airflow

    def play(self, sources: Iterable[str], progress: Progress) -> None:
        """Post the arrival of the sources' files and wait until the marts are made of them.

        Raises RoundError after everything that could be done is done.
        """
        start = datetime.now(UTC)
        for source in sources:
            self.airflow.announce(extracts_asset(source))
        self._follow(PIPELINE, start, progress)

    def finish(self, since: datetime, progress: Progress) -> None:
        """Wait until what the marts have woken has ended as well; raises RoundError when it has failed since then."""
        self._follow([*PIPELINE, *AFTERWARDS], since, progress)

    def _follow(self, dags: list[str], start: datetime, progress: Progress) -> None:
        seen, done = start, False
        while not done:
            time.sleep(POLL_SECONDS)
            self.components.check()
            now, done = datetime.now(UTC), self._settled(dags)
            progress.show(self.airflow.changed_tasks(max(start, seen - timedelta(seconds=2))))
            seen = now
        failed = [t for t in self.airflow.changed_tasks(start) if t.state == "failed" and t.dag in dags]
        if failed:
            raise RoundError([(task, self._log(task)) for task in failed])

    def wait_until_ready(self, since: datetime) -> None:
        """Wait until the API answers, the scheduler is up and every DAG file was read after `since`."""
        deadline = time.monotonic() + START_SECONDS
        while not self._ready(since):
            self.components.check()
            if time.monotonic() > deadline:
                raise ComponentError(f"Airflow was not ready within {START_SECONDS:.0f} s: see {self.home.logs}")
            time.sleep(0.3)
        self.airflow.ensure_pool()

    def _ready(self, since: datetime) -> bool:
        try:
            self.airflow.log_in()
            return self.airflow.healthy() and set(DAGS) <= self.airflow.parsed_since(since)
        except httpx.HTTPError:
            return False

    def _settled(self, dags: list[str]) -> bool:
        """Whether no run of the DAGs is active and no event waits to become one.

        An event can become a run between two questions: there must be as many runs after them as before.
        """
        if self.airflow.is_active(dags):
            return False
        before = self.airflow.count_runs(dags)
        busy = self.airflow.is_active(dags) or self.airflow.event_waits(dags)
        return not busy and self.airflow.count_runs(dags) == before

    def _log(self, task: TaskState) -> Path:
        folder = self.home.logs / f"dag_id={task.dag}" / f"run_id={task.run}" / f"task_id={task.task}"
        if task.map_index >= 0:
            folder /= f"map_index={task.map_index}"
        return folder / f"attempt={task.attempt}.log"


@contextmanager
def session(settings: Settings, home: Home, *names: str, clock: bool) -> Iterator[Session]:
    """Airflow with these components, ready for work; stopped at the end, whatever happens."""
    since = datetime.now(UTC)
    with home.locked(), running(home, home.environment(settings, clock=clock), *names) as components:
        airflow = Airflow(home)
        try:
            started = Session(home, components, airflow)
            started.wait_until_ready(since)
            yield started
        finally:
            airflow.close()
