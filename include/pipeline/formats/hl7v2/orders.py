"""Orders that no observation follows, or that are cancelled, where each observation is a row."""

from collections.abc import Callable, Sequence
from functools import cache

from include.pipeline.formats.hl7v2.around import Around
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.formats.hl7v2.named import ORDER
from include.pipeline.formats.hl7v2.said import Said
from include.pipeline.formats.hl7v2.unasked import Unasked


class Orders:
    """Follows the ORC and OBR of a file's messages, and counts those that leave no row and those that are cancelled.

    `open` has the lines of the order. `is_observed` says that an OBX has followed, `has_rows` that one is a row, which
    is asked of cancelled orders alone.
    """

    def __init__(self, said: Said, unasked: Unasked, out: Out, has_row: Callable[[str], bool]) -> None:
        self.said = said
        self.unasked = unasked
        self.out = out
        self.has_row = has_row
        self.open: dict[str, str] = {}
        self.is_observed = self.has_rows = False

    def follow(self, line: str) -> None:
        """Look at a segment."""
        name = line[:3]
        if name in ("PID", "ORC") or (name == "OBR" and ("OBR" in self.open or self.is_observed)):
            self.end()
        if name in ("ORC", "OBR"):
            self.open[name] = line
        elif name == "OBX":
            self.observe([line])

    def begin(self) -> None:
        """Begin a message of which the segments before the first OBX were noted, with one order at most."""
        self.open = {name: line for name, line in self.said.now.items() if name in ("ORC", "OBR")}

    def observe(self, lines: Sequence[str]) -> None:
        """Look at OBX."""
        if self.open:
            self.is_observed = True
            self.has_rows = self.has_rows or (self._may_be_cancelled() and any(map(self.has_row, lines)))

    def end(self) -> None:
        """Count an order."""
        if self.open and self.said.is_taken and (why := self._cancelled() or self._unobserved()):
            self.out.left_out[why] += 1
        self.open, self.is_observed, self.has_rows = {}, False, False

    def _unobserved(self) -> str:
        return "" if self.is_observed else "no_observation"

    def _cancelled(self) -> str:
        if not self._may_be_cancelled():
            return ""
        around = Around(self.said.marks, "OBR", self.said.event, self.open)
        return self.unasked.cancelled(around, has_rows=self.has_rows)

    def _may_be_cancelled(self) -> bool:
        """Whether a word for it stands anywhere in the order: of most orders nothing has to be split."""
        return any(word in self.open.get(name, "") for name, word in _cancelling())


@cache
def _cancelling() -> frozenset[tuple[str, str]]:
    """The segments of an order with the words by which each says that it is cancelled."""
    statuses = words()["statuses"]
    return frozenset(
        (name, word)
        for field, (name, _) in ORDER.items()
        for word, said in statuses[field].items()
        if said == "cancelled"
    )
