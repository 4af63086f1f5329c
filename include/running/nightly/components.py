"""Starts Airflow's components and stops them, and whatever they started, completely."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path

from include.running.nightly.home import Home

COMMANDS = {
    "api-server": ["api-server"],
    # Log servers would listen on every interface; the web pages read the files themselves.
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}

GRACE_SECONDS = 10.0


class ComponentError(Exception):
    """A component ended by itself, or a command failed; the message names its log."""


class Components:
    """The running components, each the leader of a session of its own.

    A signal to `airflow standalone`, or to a process group, misses the processes of tasks (each has a group
    of its own); the session holds them all.
    """

    def __init__(self, home: Home, environment: dict[str, str]) -> None:
        self._home = home
        self._environment = environment
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start a component; its output goes to its log."""
        self._running[name] = self._launch(name, COMMANDS[name])

    def run(self, name: str, *arguments: str) -> None:
        """Run an Airflow command to its end."""
        self._running[name] = process = self._launch(name, list(arguments))
        if process.wait() != 0:
            raise ComponentError(f"airflow {' '.join(arguments)} failed: see {self._log(name)}")
        del self._running[name]

    def check(self) -> None:
        """Raise ComponentError when a component is gone."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise ComponentError(f"Airflow's {name} has ended: see {self._log(name)}")

    def stop(self) -> None:
        """End every session: SIGTERM to its leader, then to all of it, then SIGKILL.

        The scheduler comes first: its running tasks may finish, and need the API server for that.
        """
        with _undisturbed():
            scheduler = [process for name, process in self._running.items() if name == "scheduler"]
            everything = list(self._running.values())
            for processes in (scheduler, everything):
                for process in processes:
                    process.terminate()
                _wait(partial(_have_ended, processes), GRACE_SECONDS)
            _end_sessions([process.pid for process in everything])
            for process in everything:
                process.wait()
            self._running.clear()

    def _log(self, name: str) -> Path:
        return self._home.logs / f"{name}.log"

    def _launch(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        with self._log(name).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "include.running.nightly.component", *arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@contextmanager
def running(home: Home, environment: dict[str, str], *names: str) -> Iterator[Components]:
    """The named components over an up-to-date metadata database; stopped at the end, whatever happens."""
    components = Components(home, environment)
    try:
        _migrate(home, components)
        for name in names:
            components.start(name)
        yield components
    finally:
        components.stop()


@contextmanager
def _undisturbed() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _migrate(home: Home, components: Components) -> None:
    stamp = home.folder / f"migrated-{version('apache-airflow')}"
    if not stamp.exists() or not (home.folder / "airflow.db").exists():
        components.run("db-migrate", "db", "migrate")
        stamp.touch()


def _have_ended(processes: list[subprocess.Popen[bytes]]) -> bool:
    return all(process.poll() is not None for process in processes)


def _end_sessions(leaders: list[int]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in _members(leaders):
            _send(pid, number)
        _wait(lambda: not _members(leaders), 2.0)


def _members(sessions: list[int]) -> list[int]:
    """Living processes of the sessions (Linux: read from /proc)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) in sessions and " Z " not in (entry / "stat").read_text():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _wait(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
