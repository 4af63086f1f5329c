"""Reads messages, and makes a row of each segment that is asked for.

What stands around OBX is read once for all that share it. Other segments, and OBX that need what comes behind them, are
read one by one.
"""

from collections.abc import Sequence

from include.pipeline.formats.hl7v2.around import Around
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.columns import Wanted
from include.pipeline.formats.hl7v2.gathering import Anchor, anchor_name, expanded, gathered
from include.pipeline.formats.hl7v2.grammar import rank, usual, words
from include.pipeline.formats.hl7v2.lines import Lines
from include.pipeline.formats.hl7v2.marks import NONE, UNKNOWN, Marks
from include.pipeline.formats.hl7v2.messages import MOST, messages
from include.pipeline.formats.hl7v2.observations import Observations
from include.pipeline.formats.hl7v2.said import LONGEST, Said
from include.pipeline.formats.hl7v2.sent import Order
from include.pipeline.formats.hl7v2.sorting import nothing_of, reason
from include.pipeline.formats.hl7v2.unasked import Unasked, unknown
from include.pipeline.staging.limits import too_large

COUNTED = ("OBX", "OBR", "OBX-4", "MRG")
"""Rows that are missed in messages of another type."""


class Reader:
    """Reads a file's messages into `out`, for one feed."""

    def __init__(self, lines: Lines, asked: Wanted, unasked: Unasked, order: Order, out: Out) -> None:
        self.lines = lines
        self.asked = asked
        self.unasked = unasked
        self.out = out
        known = usual(lines.feed)
        self.said = Said(lines, asked.segments, known, order, out, unasked)
        self.order: dict[str, str] = {}
        """An ORC and OBR that no OBX has followed yet, or none that is a row."""
        self.is_observed = False
        """Whether one has followed that is none, such as a comment."""
        self.observations: dict[Marks, Observations] = {}
        self.outer = (-1, "")
        behind = {name for name in asked.segments if name not in ("OBX", "MSH") and rank(name) >= rank(asked.each)}
        by_event = any("^" in message for message in known.messages)
        self.is_quick = asked.each == "OBX" and not asked.codes and not behind and not by_event

    def run(self) -> None:
        """Read all messages.

        Raises RegistryError REG-301 when there is text and no message, OutOfOrderError as the order does.
        """
        if self.is_quick:
            first = 1
            for lines in self.lines:
                self._quick(first, lines)
                first += len(lines)
        else:
            for first, lines in messages(self.lines):
                self._message(first, lines)
        self._end_order()
        if self.out.rejected and not self.said.messages:
            raise self.lines.refused("has no message")

    def _message(self, first: int, lines: Sequence[str]) -> None:
        self._begin(lines)
        if self.said.marks is UNKNOWN:
            for number, line in enumerate(lines, first):
                self._refuse(number, line)
        elif self.said.is_taken:
            self._one_by_one(first, lines)
        else:
            self._pass_by(first, lines)

    def _begin(self, lines: Sequence[str]) -> None:
        if lines[0][:3] == "MSH":
            self._begin_message(lines)

    def _begin_message(self, lines: Sequence[str]) -> None:
        """Begin a message; one that no feed of the file takes is counted."""
        self._end_order()
        self.said.begin(lines)
        is_passed_by = not self.said.is_taken and self.said.marks is not UNKNOWN
        if is_passed_by and (why := self.unasked.reason(*self.said.kind, lines)):
            self.out.left_out[why] += 1

    def _follow(self, line: str) -> None:
        """Look for orders that no observation follows, where each of these is a row."""
        name = line[:3]
        if name in ("PID", "ORC") or (name == "OBR" and "OBR" in self.order):
            self._end_order()
        if name in ("ORC", "OBR"):
            self.order[name] = line
        elif name == "OBX" and self.order:
            self._observe(has_row=self._of_marks().has_row(line))

    def _observe(self, *, has_row: bool) -> None:
        self.order = {} if has_row else self.order
        self.is_observed = bool(self.order)

    def _end_order(self) -> None:
        if self.order and self.asked.each == "OBX" and self.said.is_taken:
            around = Around(self.said.marks, "OBR", self.said.event, self.order)
            if why := self.unasked.cancelled(around) or ("" if self.is_observed else "no_observation"):
                self.out.left_out[why] += 1
        self.order, self.is_observed = {}, False

    def _refuse(self, number: int, line: str) -> bool:
        """A line of a message that cannot be read."""
        if line.strip() and line[:3] not in words()["wrappers"]:
            self.out.reject(number, line)
        return False

    def _pass_by(self, first: int, lines: Sequence[str]) -> None:
        """A message of another type: its rows are counted, and what is no segment is set aside."""
        name = anchor_name(self.asked.each, lines)
        for number, line in enumerate(lines, first):
            if self.said.note(number, line) and line[:3] == name and self.asked.each in COUNTED:
                self.out.left_out["other_message"] += 1

    def _quick(self, first: int, lines: list[str]) -> None:
        """Read lines of one or many messages whose OBX need nothing that stands behind them."""
        read = self._same_marks(first, lines)
        for start, message in messages([lines[read:]]):
            self._same_marks(first + read + start - 1, message)

    def _same_marks(self, first: int, lines: list[str]) -> int:
        """Read lines up to the first MSH with other separators; how many were read."""
        self._begin(lines)
        marks, begin = self.said.marks, 0
        note = self._refuse if marks is UNKNOWN else self.said.note
        head = NONE if marks is UNKNOWN else f"OBX{marks.field}"
        for place in [place for place, line in enumerate(lines) if line[:4] != head or len(line) > LONGEST]:
            if begin < place:
                self._add(lines[begin:place], first + begin)
            begin = place + 1
            line = lines[place]
            if line[:3] == "MSH" and place:
                if not line.startswith(self.said.begins):
                    return place
                self._begin_message(lines[place : place + 1])
                continue
            self._follow(line)
            if note(first + place, line) and line[:4] == head:
                self.out.left_out["document"] += 1
        if begin < len(lines):
            self._add(lines[begin:], first + begin)
        return len(lines)

    def _add(self, lines: list[str], first: int) -> None:
        if self.said.is_taken:
            if self.outer[0] != self.said.version:
                self.outer = self.said.version, self._of_marks().compiled.outer(self.said)
            before = self.out.no_rows
            self._of_marks().add(lines, first, self.outer[1])
            self._observe(has_row=self.out.no_rows - before < len(lines))
        else:
            self.out.left_out["other_message"] += len(lines)

    def _of_marks(self) -> Observations:
        marks = self.said.marks
        if marks not in self.observations:
            self.observations[marks] = Observations(self.lines.feed, self.asked, marks, self.out)
        return self.observations[marks]

    def _one_by_one(self, first: int, lines: Sequence[str]) -> None:
        """Read a message whose rows need what stands behind them."""
        if len(lines) > MOST or not lines[0].startswith("MSH"):
            raise too_large(self.lines.feed)
        self._tell(lines)
        tells_orders = self.unasked.tells_orders(*self.said.kind, lines)
        for anchor, around in gathered(self.said, self.asked.each, self.asked.codes, first, lines):
            rows = expanded(around)
            if not rows:
                told = self.unasked.cancelled(around) if tells_orders else ""
                self.out.left_out[told or nothing_of(around)] += 1
            for row in rows:
                self._put(anchor, row)

    def _tell(self, lines: Sequence[str]) -> None:
        """Count what is not understood of a message: that it has no segment for a row, orders without observations."""
        kind = self.said.kind
        has_results = self.unasked.has_results(*kind, lines)
        if self.said.is_told and not has_results:
            self.unasked.meet(lines, self.said.marks)
        name = anchor_name(self.asked.each, lines)
        if not has_results and self.asked.each in (*COUNTED, "PID") and not any(line[:3] == name for line in lines):
            self.out.left_out[unknown(*kind)] += 1
        for line in lines if self.asked.each == "OBX" else ():
            self._follow(line)

    def _put(self, anchor: Anchor, around: Around) -> None:
        values = self._of_marks().compiled.values
        if around.each == "OBX":
            self._of_marks().add([anchor.line], anchor.number, values(around))
        elif why := reason(around, self.asked, self.lines.feed):
            self.out.left_out[why] += 1
        else:
            self.unasked.meet_patient(around)
            self.out.put(f"{values(around)},", anchor.number, anchor.line)
