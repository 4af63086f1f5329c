"""A nightly run in a process of its own that is killed at a chosen moment, as by a power cut."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from include.basics.settings import Settings
from include.warehouse import Warehouse

PRELOADED = [
    "include.running.cli.run",
    "duckdb_sqlalchemy",
    "psycopg",
    "include.pipeline.statistics.survival",
    "tests.support.crash",
]


def run(settings: Settings, kill_at: int | None, moments: Path) -> int | None:
    """Run all steps in a child; `kill_at` counts statements and commits. Returns the exit code (-9 = killed).

    `moments` receives one line for each statement or commit that was begun.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    child = context.Process(target=_run, args=(settings, kill_at, moments))
    child.start()
    child.join()
    return child.exitcode


def _run(settings: Settings, kill_at: int | None, moments: Path) -> None:
    from include.running.cli.run import run_steps

    with moments.open("w") as log:
        count = Countdown(kill_at, log)
        count.watch(Warehouse, "run")
        count.watch(Warehouse, "run_verbatim")
        count.watch(sa.Connection, "commit")
        report = run_steps(settings)
    os._exit(1 if report.failed else 0)


class Countdown:
    """Kills this process when a number of calls have been begun."""

    def __init__(self, kill_at: int | None, log: Any) -> None:
        self.kill_at = kill_at
        self.log = log
        self.begun = 0

    def watch(self, owner: type, name: str) -> None:
        """Count the calls of a method."""
        method: Callable[..., Any] = getattr(owner, name)

        def counted(this: Any, *arguments: Any, **named: Any) -> Any:
            self.begun += 1
            print(" ".join(str(arguments[0]).split())[:300] if arguments else name, file=self.log, flush=True)
            if self.begun == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return method(this, *arguments, **named)

        setattr(owner, name, counted)
