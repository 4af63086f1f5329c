"""The rounds of `make nightly`: the sample study's nights, or whatever lies in the user's own extracts."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from include.basics.settings import Settings
from include.pipeline.derivation import derive
from include.pipeline.landing import missing, pull
from include.pipeline.marts import refresh
from include.running.nightly.names import SOURCES
from include.study.sample import NIGHTS, write_night


@dataclass(frozen=True)
class Round:
    """A name for the progress lines, and the sources of which files have arrived."""

    name: str
    sources: tuple[str, ...]


def rounds(settings: Settings) -> Iterator[Round]:
    """Rounds that have something to do; each is delivered when it is asked for.

    The user's own EXTRACTS are one round of all sources. The sample study is written night by night; a round
    of all sources follows when an earlier run has left something behind.
    """
    own = bool(os.environ.get("EXTRACTS"))
    if not own:
        yield from deliver(Path(settings.extracts))
    if not caught_up(settings):
        yield Round("extracts" if own else "catch-up", SOURCES)


def deliver(extracts: Path) -> Iterator[Round]:
    """Write night after night, as the departments would; a night that is there already is no round.

    Each file appears whole. One that is there is left alone: the study is deterministic.
    """
    extracts.mkdir(parents=True, exist_ok=True)
    for night in NIGHTS:
        sources = _deliver_night(extracts, night)
        if sources:
            yield Round(str(night), sources)


def caught_up(settings: Settings) -> bool:
    """Ask the three steps themselves, in this process, whether there is anything to do.

    Files that wait are left to Airflow, and so are those that cannot be copied: their run fails and says so. When none
    waits, what an earlier failure may have left to derive or to refresh is done here.
    """
    if pull(settings):
        return False
    derive(settings)
    refresh(settings)
    return not missing(settings)


def _deliver_night(extracts: Path, night: date) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=extracts.parent) as folder:
        written = [(file, file.relative_to(folder)) for file in write_night(Path(folder), night)]
        new = [(file, path) for file, path in written if not (extracts / path).exists()]
        for file, path in new:
            (extracts / path).parent.mkdir(parents=True, exist_ok=True)
            file.replace(extracts / path)
    return tuple(sorted({path.parts[0] for _, path in new}))
