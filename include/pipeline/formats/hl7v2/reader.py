"""Reads messages, and makes a row of each segment that is asked for.

OBX are read many at a time, and what stands around them once for all that share it. Other segments, and OBX that need
what comes behind them, are read one by one.
"""

from collections.abc import Sequence

from include.pipeline.formats.hl7v2.around import Around
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.columns import Wanted
from include.pipeline.formats.hl7v2.gathering import Anchor, anchor_name, expanded, gathered
from include.pipeline.formats.hl7v2.grammar import Usual, rank, words
from include.pipeline.formats.hl7v2.lines import Lines
from include.pipeline.formats.hl7v2.marks import UNKNOWN, Marks
from include.pipeline.formats.hl7v2.messages import MOST, messages
from include.pipeline.formats.hl7v2.observations import Observations
from include.pipeline.formats.hl7v2.said import LONGEST, Said
from include.pipeline.formats.hl7v2.sorting import nothing_of, reason
from include.pipeline.staging.limits import too_large

COUNTED = ("OBX", "OBR", "OBX-4", "MRG")
"""Rows that are missed in messages of another type."""


class Reader:
    """Reads a file's messages into `out`, for one feed."""

    def __init__(self, lines: Lines, asked: Wanted, usual: Usual, out: Out) -> None:
        self.lines = lines
        self.asked = asked
        self.out = out
        self.said = Said(lines, asked.segments, usual, out)
        self.observations: dict[Marks, Observations] = {}
        self.outer: tuple[int, tuple[str, ...]] = (-1, ())
        behind = {name for name in asked.segments if name not in ("OBX", "MSH") and rank(name) >= rank(asked.each)}
        self.is_quick = asked.each == "OBX" and not asked.codes and not behind

    def run(self) -> None:
        """Read all messages; raises RegistryError REG-301 when there is text and no message."""
        for first, lines in messages(self.lines):
            if lines[0].startswith("MSH"):
                self._begin(lines)
            if self.said.marks is UNKNOWN:
                self._reject(first, lines)
            elif not self.said.is_taken:
                self._pass_by(first, lines)
            elif self.is_quick:
                self._quick(first, lines)
            else:
                self._one_by_one(first, lines)
        self._close()
        if self.out.rejected and not self.said.messages:
            raise self.lines.refused("has no message")

    def _begin(self, lines: Sequence[str]) -> None:
        before = self.said.marks
        self.said.begin(lines)
        if self.said.marks is not before:
            self._close()

    def _close(self) -> None:
        for observations in self.observations.values():
            observations.close()

    def _reject(self, first: int, lines: Sequence[str]) -> None:
        for number, line in enumerate(lines, first):
            if line.strip() and line[:3] not in words()["wrappers"]:
                self.out.reject(number, line)

    def _pass_by(self, first: int, lines: Sequence[str]) -> None:
        """A message of another type: its rows are counted, and what is no segment is set aside."""
        name = anchor_name(self.asked.each, lines)
        for number, line in enumerate(lines, first):
            if self.said.note(number, line) and line[:3] == name and self.asked.each in COUNTED:
                self.out.left_out["other_message"] += 1

    def _quick(self, first: int, lines: list[str]) -> None:
        head, begin = f"OBX{self.said.marks.field}", 0
        for place in [place for place, line in enumerate(lines) if line[:4] != head or len(line) > LONGEST]:
            if begin < place:
                self._of_marks().add(lines[begin:place], first + begin, self._outer())
            begin = place + 1
            if self.said.note(first + place, lines[place]) and lines[place].startswith(head):
                self.out.left_out["document"] += 1
        if begin < len(lines):
            self._of_marks().add(lines[begin:], first + begin, self._outer())

    def _outer(self) -> tuple[str, ...]:
        """What stands around the OBX that come now."""
        if self.outer[0] != self.said.version:
            around = Around(self.said.marks, self.asked.each, self.said.event, self.said.now)
            self.outer = self.said.version, self._of_marks().compiled.values(around)
        return self.outer[1]

    def _of_marks(self) -> Observations:
        marks = self.said.marks
        if marks not in self.observations:
            self.observations[marks] = Observations(self.lines.feed, self.asked, marks, self.out)
        return self.observations[marks]

    def _one_by_one(self, first: int, lines: Sequence[str]) -> None:
        """Read a message whose rows need what stands behind them."""
        if len(lines) > MOST or not lines[0].startswith("MSH"):
            raise too_large(self.lines.feed)
        for anchor, around in gathered(self.said, self.asked.each, first, lines):
            rows = expanded(around)
            if not rows:
                self.out.left_out[nothing_of(around)] += 1
            for row in rows:
                self._put(anchor, row)

    def _put(self, anchor: Anchor, around: Around) -> None:
        values = self._of_marks().compiled.values
        if around.each == "OBX":
            self._of_marks().add([anchor.line], anchor.number, values(around))
        elif why := reason(around, self.asked, self.lines.feed):
            self.out.left_out[why] += 1
        else:
            self.out.write_checked(values(around), anchor.number, anchor.line)
