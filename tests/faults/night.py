"""The nights that are disturbed: a part of the sample study, run in processes of their own."""

import multiprocessing
import os
import traceback
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.study.sample import NIGHTS
from include.study.sample.files import write
from include.study.sample.nights import extracts
from tests.support.crash import PRELOADED

EVERY = 12
"""Of the study's patients one in so many: a night takes seconds, and every table has rows."""
BEFORE = NIGHTS[2]
"""What was sent up to this day is in the record before; the disturbed night brings what was sent since."""
LIMIT_SECONDS = 400
"""A night that lasts longer hangs."""
STEPS = ("prepare", "pull_new", "load_landed", "derive_touched", "refresh_stale", "publish")


@dataclass
class Ended:
    """How a night ended: `done`, `killed`, `hangs`, codes of errors, or what had no code; and in which step it was."""

    how: str
    step: str = ""
    told: list[str] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """Whether it ended as a night may that is disturbed."""
        return self.how in ("done", "killed", "code")


def write_extracts(out: Path) -> None:
    """The study's files with the rows of some patients."""
    for night in NIGHTS:
        for file in extracts(night):
            rows = [row for row in file.rows if is_chosen(row.get("patient_id", ""))]
            write(out, file._replace(rows=rows))


def is_chosen(patient_id: str) -> bool:
    """Whether rows of a patient are sent."""
    return sum(patient_id.encode()) % EVERY < 1


class Night:
    """A run of all steps in a process of its own; with a skew, its clock jumps after so many seconds."""

    def __init__(self, settings: Settings, scratch: Path, *, through: date | None = None, **skew: float) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*PRELOADED, __name__])
        self.told, telling = context.Pipe(duplex=False)
        self.process = context.Process(target=_run, args=(telling, settings, scratch, through, skew))
        self.process.start()
        telling.close()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.is_alive()

    def end(self) -> Ended:
        """Wait until it has ended; one that hangs is killed."""
        ended, step = None, "start"
        while ended is None and self.told.poll(LIMIT_SECONDS):
            try:
                said = self.told.recv()
            except EOFError:
                break
            step, ended = (said, None) if isinstance(said, str) else (step, said)
        self.process.join(5 if ended or self.process.exitcode is not None else 1)
        if ended is None:
            ended = Ended("killed" if self.process.exitcode == -9 else "hangs" if self.is_running else "vanished")
        self.process.kill()
        self.process.join()
        ended.step = step
        return ended


def _run(telling: Connection, settings: Settings, scratch: Path, through: date | None, skew: dict[str, float]) -> None:
    os.environ["SCRATCH"] = str(scratch)
    from include.running.cli import run
    from include.warehouse import clock

    for step in STEPS:
        _tell(telling, run, step)
    if skew:
        clock.datetime = _skewed(**skew)  # type: ignore[misc]
    try:
        report = run.run_steps(settings, through)
        codes = {*report.failed.values(), *(one.code for one in report.not_pulled), *report.broken_rules}
        telling.send(Ended("code" if codes else "done", told=sorted(codes)))
    except RegistryError as error:
        telling.send(Ended("code", told=[error.code]))
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        telling.send(Ended("no code", told=[type(error).__name__, *(f"{f.filename}:{f.lineno}" for f in frames)]))
    os._exit(0)


def _tell(telling: Connection, module: Any, step: str) -> None:
    """Let a step tell that it begins."""
    begun = getattr(module, step)

    def told(*arguments: Any, **named: Any) -> Any:
        telling.send(step)
        return begun(*arguments, **named)

    setattr(module, step, told)


def _skewed(after: float, by: float) -> type[datetime]:
    """A clock that is right for some seconds, and wrong by some from then on: all timestamps come from `utc_now`."""
    import time

    jump = time.monotonic() + after

    class Skewed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=by if time.monotonic() > jump else 0)

    return Skewed
