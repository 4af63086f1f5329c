"""The command line's log as JSON lines on standard error: what happened, when, to which file, and how long it took.

`./registry --log json`, or LOG_FORMAT=json. No cell is in it: a line has a step, a feed, a load, a code and seconds.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

FIELDS = ("step", "seconds", "feed", "load_id", "state", "code")
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
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").handlers = [handler]
    sys.excepthook = _tell_kind


def _tell_kind(kind: type[BaseException], _error: BaseException, _trace: TracebackType | None) -> None:
    """What nobody expected, by its kind alone."""
    logger.error("failed", extra={"code": kind.__name__})


def is_json() -> bool:
    """Whether the log is JSON lines."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logger.handlers)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Log that a step is done or has failed, and how long it took."""
    began, said = time.monotonic(), "failed"
    try:
        yield
        said = "done"
    finally:
        level = logging.INFO if said == "done" else logging.ERROR
        logger.log(level, said, extra={"step": step, "seconds": round(time.monotonic() - began, 3)})
