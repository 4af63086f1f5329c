"""What the messages have said before a row: separators, type and event, and the segments that rows belong to."""

import re
from collections.abc import Sequence
from functools import lru_cache

from include.pipeline.formats.hl7v2.around import cell
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.grammar import Usual, rank, words
from include.pipeline.formats.hl7v2.lines import Lines
from include.pipeline.formats.hl7v2.marks import UNKNOWN, Marks, marks_of
from include.pipeline.staging.limits import limits

SEGMENT = re.compile("[A-Z][A-Z0-9]{2}")
LONGEST = limits().longest_line


class Said:
    """Follows the messages of a file; `now` has the lines of those segments that are looked at.

    `marks` is UNKNOWN before the first MSH, and in a message whose MSH names no separators. `version` counts changes of
    what was said.
    """

    def __init__(self, lines: Lines, segments: set[str], usual: Usual, out: Out) -> None:
        self.lines = lines
        self.segments = segments
        self.usual = usual
        self.out = out
        self.marks = UNKNOWN
        self.now: dict[str, str] = {}
        self.version = 0
        self.event = ""
        self.is_taken = False
        self.messages = 0
        self.messages_of_batch = 0
        self.heads: dict[str, tuple[str, ...]] = {}
        self.others: set[str] = set()
        self.charsets: set[str] = {""}

    def begin(self, message: Sequence[str]) -> None:
        """Begin a message; raises RegistryError REG-301 when it is of another encoding than the file."""
        marks = marks_of(message[0], self.lines.encoding)
        if marks is not self.marks:
            self.heads, self.others = _heads(self.segments, marks.field), set()
        self.marks = marks
        self.version += 1
        if marks is UNKNOWN:
            return
        self.messages += 1
        self.messages_of_batch += 1
        self.now = {"MSH": message[0]}
        fields = marks.fields(message[0])
        self._check_charset(cell(fields, 18))
        kind, event = _kind(marks, cell(fields, 9))
        event = event or next((cell(marks.fields(line), 1) for line in message[1:4] if line.startswith("EVN")), "")
        self.event = f"{kind}^{event}"
        self.is_taken = self.usual.takes(kind, event)

    def note(self, number: int, line: str) -> bool:
        """Note a segment; whether it is one. Anything else is set aside, but for empty lines and what wraps batches."""
        ended = self.heads.get(line[:4])
        if ended is None or len(line) > LONGEST:
            return (line[:4] in self.others and len(line) <= LONGEST) or self._is_segment(number, line)
        for name in ended:
            self.now.pop(name, None)
        self.now[line[:3]] = line
        self.version += 1
        return True

    def _is_segment(self, number: int, line: str) -> bool:
        if not line.strip():
            return False
        name, mark = line[:3], self.marks.field
        if name in words()["wrappers"]:
            self._wrapped(name, line)
            return False
        if line[3:4] == mark and SEGMENT.fullmatch(name):
            is_file = name == "OBX" and cell(line.split(mark, 3), 2) in words()["documents"]
            if is_file or len(line) <= LONGEST:
                self.others.add(line[:4])
                return True
        self.out.reject(number, line)
        return False

    def _wrapped(self, name: str, line: str) -> None:
        """A segment of a batch: it may not announce more messages than came."""
        if name == "BHS":
            self.messages_of_batch = 0
        if name == "BTS":
            said = line[4:].split(line[3:4] or "|")[0].strip()
            if said.isdecimal() and int(said) > self.messages_of_batch:
                raise self.lines.refused("has fewer messages than its batch says")

    def _check_charset(self, said: str) -> None:
        if said not in self.charsets:
            self.lines.check(said.split(self.marks.repetition)[0])
            self.charsets.add(said)


def _heads(segments: set[str], mark: str) -> dict[str, tuple[str, ...]]:
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
