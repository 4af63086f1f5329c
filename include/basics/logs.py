"""The command line's log as JSON lines on standard error: what happened, when, to which file, and how long it took.

`./registry --log json`, or LOG_FORMAT=json. No cell is in it: a line has a step, a feed, a load, a code and seconds.
"""

import json
import logging
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from include.basics.errors import RegistryError
from include.basics.settings import ROOT

FIELDS = ("step", "seconds", "feed", "load_id", "state", "code", "place")
"""What a line may have beside time, level and message."""

logger = logging.getLogger("registry")


class JsonLines(logging.Formatter):
    """One JSON object a line; an exception is told by its kind alone, as its text may quote cells."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **{name: value for name in FIELDS if (value := getattr(record, name, None)) is not None},
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def to_json() -> None:
    """Write the log as JSON lines, steps that went well among them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO)
    warnings.showwarning = _tell_warning
    sys.excepthook = _tell_kind


def _tell_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A library's warning by its kind and place: its text may quote cells."""
    logger.warning("warning", extra={"code": category.__name__, "place": f"{Path(filename).name}:{lineno}"})


def _tell_kind(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody expected, by its kind and the last line of the platform's own code."""
    frames = [frame for frame in traceback.extract_tb(trace) if frame.filename.startswith(str(ROOT))]
    place = {"place": f"{Path(frames[-1].filename).relative_to(ROOT)}:{frames[-1].lineno}"} if frames else {}
    logger.error("failed", extra={"code": code_of(error), **place})


def code_of(error: BaseException) -> str:
    """The code of an error, or its kind."""
    return error.code if isinstance(error, RegistryError) else type(error).__name__


def is_json() -> bool:
    """Whether the log is JSON lines."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logger.handlers)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Log that a step is done or has failed, and how long it took."""
    began = time.monotonic()
    try:
        yield
    except BaseException as error:
        logger.error("failed", extra={"step": step, "seconds": _since(began), "code": code_of(error)})
        raise
    logger.info("done", extra={"step": step, "seconds": _since(began)})


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
