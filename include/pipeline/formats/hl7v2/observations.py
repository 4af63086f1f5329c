"""OBX, of which there are millions: each part of a line is read once where several share it."""

from functools import partial

from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.columns import PIECES, REST, Compiled, Wanted
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.memo import Memo, by_kind
from include.pipeline.formats.hl7v2.sorting import Sorting

MANY = 300
"""OBX that are read at a time: of more the garbage collector would look at each again and again."""
LOOK = "\0look"
"""What stands in a row that may be none: it depends on the value."""


class Observations:
    """Makes rows of the OBX of messages with the same separators."""

    def __init__(self, feed: str, asked: Wanted, marks: Marks, out: Out) -> None:
        self.compiled = Compiled(asked, marks)
        self.sorting = Sorting(feed, marks)
        self.mark = marks.field
        self.out = out
        self.names, self.subs = (Memo(partial(self.compiled.said, places)) for places in ((3,), (4,)))
        self.values = by_kind(partial(self.compiled.said, (2, 5)))
        self.rests = by_kind(self._rest)
        self.others = [places for places in asked.pieces if places not in PIECES]

    def has_row(self, line: str) -> bool:
        """Whether an OBX is a row."""
        parts = [*line.split(self.mark, REST), *[""] * REST]
        return not self.sorting.reason(parts[2], parts[5], self._status(parts[REST]))

    def add(self, lines: list[str], first: int, outer: str) -> None:
        """Write the rows of OBX that follow one another; `first` is the number of the first line."""
        for begin in range(0, len(lines), MANY):
            self._add(lines[begin : begin + MANY], first + begin, outer)

    def _add(self, lines: list[str], first: int, outer: str) -> None:
        names, subs, values, rests = self.names, self.subs, self.values, self.rests
        parts = [line.split(self.mark, REST) for line in lines]
        if min(map(len, parts)) <= REST:
            parts = [[*one, *[""] * (REST + 1 - len(one))] for one in parts]
        rows = [
            f"{outer},{names[name]},{subs[sub]},{values[kind][value]},{rests[kind][rest]}"
            for _, _, kind, name, sub, value, rest in parts
        ]
        for places in self.others:
            said = (self.compiled.said(places, *[one[place] for place in places]) for one in parts)
            rows = [*map(",".join, zip(rows, said, strict=True))]
        text = "\n".join(rows)
        if "\0" not in text:
            self.out.write(f"{text}\n")
            return
        for number, (row, part, line) in enumerate(zip(rows, parts, lines, strict=True), first):
            self._put(row, part, number, line)

    def _put(self, row: str, parts: list[str], number: int, line: str) -> None:
        if why := self.sorting.reason(parts[2], parts[5], self._status(parts[REST])) if LOOK in row else "":
            self.out.left_out[why] += 1
        else:
            self.out.put(row.replace(LOOK, ""), number, line)

    def _rest(self, kind: str, rest: str) -> str:
        said = self.compiled.said((2, REST), kind, rest)
        return said + LOOK if self.sorting.by_status[kind][self._status(rest)] else said

    def _status(self, rest: str) -> str:
        fields = rest.split(self.mark, 6)
        return fields[5] if len(fields) > 5 else ""
