"""What the messages have said before a row: separators, type and event, and the segments that rows belong to."""

import re
from collections.abc import Sequence
from functools import lru_cache

from include.pipeline.formats.hl7v2.around import cell
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.grammar import Usual, rank, words
from include.pipeline.formats.hl7v2.lines import Lines, first_charset
from include.pipeline.formats.hl7v2.marks import NONE, UNKNOWN, Marks, marks_of
from include.pipeline.formats.hl7v2.memo import Memo
from include.pipeline.formats.hl7v2.sent import Order
from include.pipeline.formats.hl7v2.unasked import Unasked
from include.pipeline.staging.limits import limits

SEGMENT = re.compile("[A-Z][A-Z0-9]{2}")
LONGEST = limits().longest_line
Heads = dict[str, tuple[str, ...]]
Shape = dict[str, int]
"""Of which lines of a message's beginning segments are taken."""
SHAPES = 1_000
"""How many are kept: hospitals' messages begin in a few ways."""
OUTER = ("MSH", "PID", "ORC", "OBR")
UNUSED = ("",)
"""Instead of what a segment ends: it is not looked at."""


class Said:
    """Follows the messages of a file; `now` has the lines of those segments that are looked at.

    It is another one when that changes. `marks` is UNKNOWN before the first MSH, and in a message whose MSH names no
    separators.
    """

    def __init__(
        self, lines: Lines, segments: set[str], usual: Usual, order: Order, out: Out, unasked: Unasked
    ) -> None:
        self.lines = lines
        self.segments = segments
        self.usual = usual
        self.out = out
        self.unasked = unasked
        self.marks = UNKNOWN
        self.now: dict[str, str] = {}
        self.event = ""
        self.is_taken = self.is_told = False
        self.messages = 0
        self.order = order
        self.messages_of_batch = 0
        self.batches = 0
        self.heads: Heads = {}
        self.all_heads: dict[tuple[str, bool], Heads] = {}
        self.shapes = Memo(self._shape, most=SHAPES)
        self.kind = ("", "")
        self.begins = NONE
        self.charsets: set[str] = {""}

    def begin(self, message: Sequence[str]) -> None:
        """Begin a message; raises RegistryError REG-301 when it is of another encoding than the file."""
        head = message[0]
        if not head.startswith(self.begins):
            self._separate(head)
        if self.marks is UNKNOWN:
            return
        self.messages += 1
        self.messages_of_batch += 1
        self.now = {"MSH": head}
        fields = head.split(self.marks.field)
        if len(fields) > 17 and fields[17] not in self.charsets:
            self._check_charset(fields[17])
        self.order.meet(self.marks.component_of(cell(fields, 6)))
        kind, event = _kind(self.marks, cell(fields, 8))
        event = event or next((cell(self.marks.fields(line), 1) for line in message[1:4] if line[:3] == "EVN"), "")
        if (kind, event) != self.kind:
            self.kind = kind, event
            self.event = f"{kind}^{event}"
            self.is_taken = self.usual.takes(kind, event)
            self.is_told = self.is_taken and self.unasked.tells(kind, event, message)
            self._look_at_segments()

    def _separate(self, head: str) -> None:
        marks = marks_of(head, self.lines.encoding)
        self.marks = marks
        self._look_at_segments()
        self.begins = head[: head.find(marks.field, 4) + 1] if marks is not UNKNOWN else NONE

    def _look_at_segments(self) -> None:
        place = self.marks.field, self.is_told
        if place not in self.all_heads:
            self.all_heads[place] = _heads(self.segments, self.marks.field)
        self.heads = self.all_heads[place]
        self.shapes.clear()

    @property
    def passed_by(self) -> set[str]:
        """The segments of messages that this feed tells of which are not looked at."""
        told = [heads for (_, is_told), heads in self.all_heads.items() if is_told]
        return {head[:3] for heads in told for head, ended in heads.items() if ended is UNUSED}

    def note(self, number: int, line: str) -> bool:
        """Note a segment; whether it is one. Anything else is set aside, but for empty lines and what wraps batches."""
        ended = self.heads.get(line[:4])
        if ended is None or len(line) > LONGEST:
            return self._is_segment(number, line)
        if ended is not UNUSED:
            self.now = {name: held for name, held in self.now.items() if name not in ended} | {line[:3]: line}
        return True

    def note_all(self, lines: Sequence[str], heads: Sequence[str]) -> bool:
        """Note the lines of a message up to its first OBX at once; False where they need to be looked at one by one.

        These are other lines than segments that are known, and segments of several orders.
        """
        shape = self.shapes[tuple(heads)]
        if shape:
            self.now = {name: lines[place] for name, place in shape.items()}
        return bool(shape)

    def _shape(self, heads: tuple[str, ...]) -> Shape | None:
        if any(head not in self.heads for head in heads):
            return None
        deep = [name for head in heads if (name := head[:3]) in OUTER]
        found: Shape = {}
        for place, head in enumerate(heads):
            if (ended := self.heads[head]) is not UNUSED:
                found = {name: line for name, line in found.items() if name not in ended} | {head[:3]: place}
        is_plain = deep == sorted({*deep}, key=rank)
        return found if is_plain else None

    def _is_segment(self, number: int, line: str) -> bool:
        if not line.strip():
            return False
        name, mark = line[:3], self.marks.field
        if name in words()["wrappers"]:
            self._wrapped(name, line)
            return False
        if line[3:4] == mark and SEGMENT.fullmatch(name) and name != words()["continued"]:
            is_file = name == "OBX" and cell(line.split(mark, 3), 2) in words()["documents"]
            if is_file or len(line) <= LONGEST:
                self._know(line[:4])
                return True
        self.out.reject(number, line)
        return False

    def _know(self, head: str) -> None:
        if head not in self.heads:
            self.heads[head] = UNUSED
            self.shapes.clear()

    def _wrapped(self, name: str, line: str) -> None:
        """A segment of a batch: it may not announce more than came. Some senders count messages in FTS, too."""
        said = line[4:].split(line[3:4] or "|")[0].strip()
        announced = int(said) if said.isdecimal() else 0
        if name == "BHS":
            self.messages_of_batch = 0
        if name == "BTS":
            self.batches += 1
            if announced > self.messages_of_batch:
                raise self.lines.refused("has fewer messages than its batch says")
        if name == "FTS" and announced > max(self.batches, 1) and announced != self.messages:
            raise self.lines.refused("has fewer batches than it says")

    def _check_charset(self, said: str) -> None:
        self.lines.check(first_charset(said, self.marks.repetition))
        self.charsets.add(said)


def _heads(segments: set[str], mark: str) -> Heads:
    """How segments begin that are looked at, and which of these each ends."""
    ends = words()["ends"]
    return {
        name + mark: tuple(other for other in segments if name in ends and rank(other) > rank(name))
        for name in segments
    }


@lru_cache(maxsize=1_000)
def _kind(marks: Marks, raw: str) -> tuple[str, str]:
    """Type and event of a message."""
    kind, event = marks.components(raw, 2)[:2]
    return kind, event
