"""Orders that no observation follows, or none that is a row, where each observation is one."""

from collections.abc import Callable, Sequence

from include.pipeline.formats.hl7v2.around import Around
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.said import Said
from include.pipeline.formats.hl7v2.unasked import Unasked


class Orders:
    """Follows the ORC and OBR of a file's messages, and counts those that leave no row.

    `open` has the lines of an order that no OBX has followed yet, or none that is a row; `observed` has OBX of which
    it is not known yet. `is_observed` says that one has followed.
    """

    def __init__(self, said: Said, unasked: Unasked, out: Out, has_row: Callable[[str], bool]) -> None:
        self.said = said
        self.unasked = unasked
        self.out = out
        self.has_row = has_row
        self.open: dict[str, str] = {}
        self.observed: list[str] = []
        self.is_observed = False
        self.no_rows = 0
        self.ended: list[tuple[dict[str, str], list[str]]] = []

    def follow(self, line: str) -> None:
        """Look at a segment."""
        name = line[:3]
        if name in ("PID", "ORC") or (name == "OBR" and "OBR" in self.open):
            self.end()
        elif name == "OBR" and any(map(self.has_row, self.observed)):
            self.open, self.observed, self.is_observed = {}, [], False
        if name in ("ORC", "OBR"):
            self.open[name] = line
        elif name == "OBX":
            self.observe([line])

    def begin(self) -> None:
        """Begin a message of which the segments before the first OBX were noted, with one order at most."""
        self.open = {name: line for name, line in self.said.now.items() if name in ("ORC", "OBR")}

    def observe(self, lines: Sequence[str]) -> None:
        """Look at OBX: `settle` says whether they are rows."""
        if self.open:
            self.observed += lines
            self.is_observed = True

    def end(self) -> None:
        """Count an order that left no row."""
        if self.open and self.said.is_taken:
            if self.observed:
                self.ended.append((self.open, self.observed))
            else:
                self._count(self.open, "" if self.is_observed else "no_observation")
        self.open, self.observed, self.is_observed = {}, [], False

    def settle(self) -> None:
        """Look at the OBX before this: where nothing more was left without a row, each is one."""
        all_rows, self.no_rows = self.out.no_rows == self.no_rows, self.out.no_rows
        for order, observed in self.ended if not all_rows else ():
            if not any(map(self.has_row, observed)):
                self._count(order, "")
        if self.observed and (all_rows or any(map(self.has_row, self.observed))):
            self.open, self.is_observed = {}, False
        self.ended, self.observed = [], []

    def _count(self, order: dict[str, str], otherwise: str) -> None:
        """Count an order without a row: a cancelled one is told."""
        if why := self.unasked.cancelled(Around(self.said.marks, "OBR", "", order)) or otherwise:
            self.out.left_out[why] += 1
