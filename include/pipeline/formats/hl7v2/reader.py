"""Reads messages, and makes a row of each segment that is asked for.

What stands around OBX is read once for all that share it. Other segments, and OBX that need what comes behind them, are
read one by one.
"""

import re
from collections.abc import Sequence

from include.pipeline.formats.hl7v2.around import Around
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.columns import Wanted
from include.pipeline.formats.hl7v2.gathering import Anchor, anchor_name, expanded, gathered
from include.pipeline.formats.hl7v2.grammar import rank, usual, words
from include.pipeline.formats.hl7v2.lines import Lines
from include.pipeline.formats.hl7v2.marks import UNKNOWN, Marks
from include.pipeline.formats.hl7v2.messages import MOST, messages
from include.pipeline.formats.hl7v2.observations import MANY, Observations
from include.pipeline.formats.hl7v2.orders import Orders
from include.pipeline.formats.hl7v2.said import LONGEST, Said
from include.pipeline.formats.hl7v2.sent import Order
from include.pipeline.formats.hl7v2.sorting import nothing_of, reason
from include.pipeline.formats.hl7v2.unasked import Unasked, unknown
from include.pipeline.staging.limits import too_large

RUN = re.compile("(?P<others>(?P<message>M?)s*)x*(?<=.)")
"""The segments of a message up to OBX that follow one another, or the next message: M is an MSH, x an OBX."""
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
        self.orders = Orders(self.said, unasked, out, lambda line: self._of_marks().has_row(line))
        self.observations: dict[Marks, Observations] = {}
        self.held: list[tuple[dict[str, str], list[str], int]] = []
        self.lines_held = 0
        """OBX that follow one another, with the segments before them and the number of the first."""
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
        self.orders.end()
        if self.out.rejected and not self.said.messages:
            raise self.lines.refused("has no message")

    def _message(self, first: int, lines: Sequence[str]) -> None:
        self._begin(lines)
        if self.said.marks is UNKNOWN:
            self._refuse(first, lines)
        elif self.said.is_taken:
            self._one_by_one(first, lines)
        else:
            self._pass_by(first, lines)

    def _begin(self, lines: Sequence[str]) -> None:
        if lines[0][:3] == "MSH":
            self._begin_message(lines)

    def _begin_message(self, lines: Sequence[str]) -> None:
        """Begin a message; one that no feed of the file takes is counted."""
        self.orders.end()
        self.said.begin(lines)
        is_passed_by = not self.said.is_taken and self.said.marks is not UNKNOWN
        if is_passed_by and (why := self.unasked.reason(*self.said.kind, lines)):
            self.out.left_out[why] += 1

    def _refuse(self, first: int, lines: Sequence[str]) -> int:
        """Set the lines of a message aside that cannot be read; how many these are."""
        for number, line in enumerate(lines, first):
            if line[:3] == "MSH" and number > first:
                return number - first
            if line.strip() and line[:3] not in words()["wrappers"]:
                self.out.reject(number, line)
        return len(lines)

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
        if self.said.marks is UNKNOWN:
            return self._refuse(first, lines)
        observation = f"OBX{self.said.marks.field}"
        heads = [line[:4] if len(line) <= LONGEST else line[:3] for line in lines]
        for run in RUN.finditer("".join([_kind(head, observation) for head in heads])):
            begin, middle, end = run.start(), run.end("others"), run.end()
            if run["message"] and begin:
                if not lines[begin].startswith(self.said.begins):
                    self._flush()
                    return begin
                self._begin_message(lines[begin : begin + 1])
            if run["message"] and self.said.note_all(lines[begin:middle], heads[begin:middle]):
                self.orders.begin()
            else:
                begin = run.end("message")
                self._note(first + begin, lines[begin:middle])
            if middle < end:
                self._add(lines[middle:end], first + middle)
        self._flush()
        return len(lines)

    def _note(self, first: int, lines: list[str]) -> None:
        """Read other segments, with OBX that are too long: files."""
        for number, line in enumerate(lines, first):
            self.orders.follow(line)
            if self.said.note(number, line) and line[:3] == "OBX":
                self.out.left_out["document"] += 1

    def _add(self, lines: list[str], first: int) -> None:
        if not self.said.is_taken:
            self.out.left_out["other_message"] += len(lines)
            return
        self.orders.observe(lines)
        self.held.append((self.said.now, lines, first))
        self.lines_held += len(lines)
        if self.lines_held >= MANY:
            self._flush()

    def _flush(self) -> None:
        """Write the rows of OBX that are held."""
        observations = self._of_marks()
        outers = observations.compiled.outers([said for said, *_ in self.held])
        lines = [line for _, lines, _ in self.held for line in lines]
        numbers = [number for _, lines, first in self.held for number in range(first, first + len(lines))]
        around = [outer for outer, (_, lines, _) in zip(outers, self.held, strict=True) for _ in lines]
        observations.write(lines, numbers, around)
        self.held, self.lines_held = [], 0

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
            told = self.unasked.cancelled(around, has_rows=bool(rows)) if tells_orders else ""
            if told or not rows:
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
            self.orders.follow(line)

    def _put(self, anchor: Anchor, around: Around) -> None:
        values = self._of_marks().compiled.values
        if around.each == "OBX":
            self._of_marks().write([anchor.line], [anchor.number], [values(around)])
        elif why := reason(around, self.asked, self.lines.feed):
            self.out.left_out[why] += 1
        else:
            self.unasked.meet_patient(around)
            self.out.put(f"{values(around)},", anchor.number, anchor.line)


def _kind(head: str, observation: str) -> str:
    return "x" if head == observation else "M" if head[:3] == "MSH" else "s"
