"""OBX, of which there are millions: split and read many at a time, column by column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress, zip_longest

from include.pipeline.formats.hl7v2.batch import SHORT, Out
from include.pipeline.formats.hl7v2.columns import Compiled, Fields, Wanted
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.sorting import Sorting

MANY = 300
"""OBX that are read at a time: of more the garbage collector would look at each again and again."""


@dataclass
class Held:
    """OBX that wait to be read together: their lines, their numbers, what stands around each."""

    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    outer: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, lines: list[str], first: int, outer: tuple[str, ...]) -> None:
        """Add OBX that follow one another."""
        self.lines += lines
        self.numbers += range(first, first + len(lines))
        self.outer += [outer] * len(lines)

    def parts(self) -> Iterator["Held"]:
        """As many as are read at a time, or a few more."""
        if len(self.lines) < 2 * MANY:
            yield self
        else:
            yield from map(self._part, range(0, len(self.lines), MANY))

    def _part(self, begin: int) -> "Held":
        part = slice(begin, begin + MANY)
        return Held(self.lines[part], self.numbers[part], self.outer[part])

    def kept(self, chosen: list[bool]) -> "Held":
        """Those that are chosen."""
        lines, numbers = compress(self.lines, chosen), compress(self.numbers, chosen)
        return Held(list(lines), list(numbers), list(compress(self.outer, chosen)))


class Observations:
    """Makes rows of the OBX of messages with the same separators."""

    def __init__(self, feed: str, asked: Wanted, marks: Marks, out: Out) -> None:
        self.compiled = Compiled(asked, marks)
        self.sorting = Sorting(feed, marks)
        self.mark = marks.field
        self.last = asked.last + 1
        self.out = out
        self.held = Held()
        self.is_long = False
        """Whether what stands around an OBX has been longer than a cell that needs no counting of bytes."""

    def add(self, lines: list[str], first: int, outer: tuple[str, ...]) -> None:
        """Hold OBX that follow one another; `first` is the number of the first line."""
        if max(map(len, outer), default=0) > SHORT:
            self.is_long = True
        self.held.add(lines, first, outer)
        if len(self.held.lines) > MANY:
            self.close()

    def close(self) -> None:
        """Write the rows of what is held."""
        held, self.held = self.held, Held()
        for part in held.parts():
            self._write(part)

    def _write(self, held: Held) -> None:
        fields = self._fields(held.lines)
        reasons = self.sorting.reasons(fields)
        if any(reasons):
            self.out.left_out.update(filter(None, reasons))
            chosen = [not why for why in reasons]
            fields, held = [[*compress(one, chosen)] for one in fields], held.kept(chosen)
        rows = self.compiled.rows(fields, held.outer)
        if not self.is_long and max(map(len, held.lines), default=0) <= SHORT:
            self.out.write(rows)
        else:
            for row, number, line in zip(rows, held.numbers, held.lines, strict=True):
                self.out.write_checked(row, number, line)

    def _fields(self, lines: list[str]) -> Fields:
        """What the lines say, field by field, up to the last that is looked at."""
        fields = [*zip_longest(*[line.split(self.mark, self.last) for line in lines], fillvalue="")]
        return [*fields, *[("",) * len(lines)] * (self.last - len(fields))]
