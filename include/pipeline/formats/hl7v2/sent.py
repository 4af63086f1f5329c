"""When messages were sent: the later one counts, wherever it stands in its file."""

from datetime import UTC, datetime
from functools import lru_cache

from include.pipeline.formats.hl7v2.values import iso

SENT = "sent"
"""The name of the column that a file's rows are ordered by."""
UNKNOWN = float("-inf")


def seconds(msh_7: str) -> float:
    """Seconds since 1970 of a time of HL7; `UNKNOWN` of what has no time of the day."""
    if len(msh_7) == len("20240131000000") and msh_7.isascii() and msh_7.isdecimal() and msh_7[-2:] < "60":
        return _seconds(msh_7[:-2]) + int(msh_7[-2:])
    return _seconds(msh_7)


@lru_cache(maxsize=2_000)
def _seconds(msh_7: str) -> float:
    try:
        when = datetime.fromisoformat(iso(msh_7)) if len(msh_7) >= len("202401310000") else None
    except ValueError:
        when = None
    return UNKNOWN if when is None else (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


class OutOfOrderError(Exception):
    """A message stands behind one that was sent later."""


class Order:
    """Whether messages stand in the order in which they were sent, as far as all say a time of the day.

    Where that is `needed`, the first that does not ends the reading.
    """

    def __init__(self, *, needed: bool) -> None:
        self.needed = needed
        self.latest = UNKNOWN
        self.is_known = True

    def meet(self, msh_7: str) -> None:
        """Look at a message; raises OutOfOrderError."""
        when = seconds(msh_7)
        self.is_known = self.is_known and when != UNKNOWN
        if self.needed and self.is_known and when < self.latest:
            raise OutOfOrderError
        self.latest = max(when, self.latest)
