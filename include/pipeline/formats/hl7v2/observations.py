"""OBX, of which there are millions: what their fields say is read once where several share it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.columns import STATE, Compiled, Places, Wanted
from include.pipeline.formats.hl7v2.marks import Marks
from include.pipeline.formats.hl7v2.memo import Memo
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
        self.marks = marks
        self.out = out
        self.most = 1 + max(place for places in asked.pieces for place in places)
        self.said = {places: self._remembered(places) for places in asked.pieces}

    def has_row(self, line: str) -> bool:
        """Whether an OBX is a row."""
        return not self._reason(self._fields([line])[0])

    def write(self, lines: list[str], numbers: list[int], outers: list[str]) -> None:
        """Write the rows of OBX, each with its number and what stands around it."""
        for begin in range(0, len(lines), MANY):
            some = slice(begin, begin + MANY)
            self._write(lines[some], numbers[some], outers[some])

    def _write(self, lines: list[str], numbers: list[int], outers: list[str]) -> None:
        fields = self._fields(lines)
        columns = [*zip(*fields, strict=True)]
        cells = [map(said, _together(columns, places)) for places, said in self.said.items()]
        rows = [*map(",".join, zip(outers, *cells, strict=True))]
        text = "\n".join(rows)
        if "\0" not in text:
            self.out.write(f"{text}\n")
            return
        for row, one, number, line in zip(rows, fields, numbers, lines, strict=True):
            self._put(row, one, number, line)

    def _put(self, row: str, fields: list[str], number: int, line: str) -> None:
        if why := self._reason(fields) if LOOK in row else "":
            self.out.left_out[why] += 1
        else:
            self.out.put(row.replace(LOOK, ""), number, line)

    def _fields(self, lines: list[str]) -> list[list[str]]:
        """The fields up to the last that is looked at, and the rest of each line."""
        mark, most = self.marks.field, self.most
        missing = mark * most
        return [(line + missing).split(mark, most) for line in lines]

    def _reason(self, fields: list[str]) -> str:
        return self.sorting.reason(fields[2], fields[5], fields[11])

    def _remembered(self, places: Places) -> Callable[..., str]:
        """What fields say: a function of one text, or of a tuple of several."""
        if len(places) == 1:
            return Memo[str, str](partial(self.compiled.said, places)).__getitem__
        said = self._state if places == STATE else self.compiled.said
        return Memo[tuple[str, ...], str](lambda texts: said(places, *texts)).__getitem__

    def _state(self, places: Places, kind: str, status: str) -> str:
        said = self.compiled.said(places, kind, status)
        return said + LOOK if self.sorting.by_status[kind, status] else said


def _together(columns: Sequence[Iterable[str]], places: Places) -> Iterable[str] | Iterable[tuple[str, ...]]:
    some = [columns[place] for place in places]
    return some[0] if len(some) == 1 else zip(*some, strict=True)
