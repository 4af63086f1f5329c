"""The names of a table's columns: of one row or several, or of none, when columns go by their place.

Above a column whose upper cell is empty stands what its left neighbour has: a title over several columns.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise, zip_longest

from include.basics.trimming import trimmed
from include.pipeline.staging.header import names_in
from include.pipeline.staging.marks import Marks
from include.pipeline.staging.salvage import Lines, until_closed

BYTE_ORDER_MARK = "\ufeff"
LINE_END = re.compile(r"\s*[\r\n]+\s*")


@dataclass(frozen=True)
class Heading:
    """The columns' names, and the lines of a file up to the last one that holds them; the first `titles` hold none."""

    names: tuple[str, ...]
    lines: tuple[str, ...] = ()
    titles: int = 0


def numbered(width: int) -> tuple[str, ...]:
    """The names of columns that have none."""
    return tuple(f"column {place}" for place in range(1, width + 1))


def joined(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names that stand in some rows one below the other; a text that its column repeats counts once."""
    cells = [[trimmed(LINE_END.sub(" ", cell)) for cell in row] for row in rows]
    spread = [*map(_spread, cells[:-1]), cells[-1]]
    return tuple(" ".join(_once(column)) for column in zip_longest(*spread, fillvalue=""))


def _spread(row: list[str]) -> list[str]:
    spread: list[str] = []
    for cell in row:
        spread.append(cell or (spread[-1] if spread else ""))
    return spread


def _once(column: Sequence[str]) -> Iterator[str]:
    said = ["", *filter(None, column)]
    return (then for one, then in pairwise(said) if then != one)


def heading(lines: Lines, header_row: Sequence[int], feed: str, marks: Marks) -> Heading:
    """The heading of delimited text, which the lines are read up to; a name may hold the end of a line.

    Raises RegistryError REG-301 when its quotes do not close.
    """
    if header_row == [0]:
        first = _record(lines, marks)
        lines.put_back(first)
        return Heading(numbered(len(names_in("".join(first), feed, marks))))
    titles = list(islice(lines, header_row[0] - 1))
    records = [_record(lines, marks) for _ in range(header_row[0], header_row[-1] + 1)]
    rows = ("".join(records[place - header_row[0]]).removeprefix(BYTE_ORDER_MARK) for place in header_row)
    return Heading(
        joined([names_in(row, feed, marks) for row in rows]), (*titles, *chain.from_iterable(records)), len(titles)
    )


def _record(lines: Lines, marks: Marks) -> list[str]:
    """The next line, with those behind it that a cell of it goes on in."""
    record = list(islice(lines, 1))
    if record and marks.leaves_open(record[0]):
        record += until_closed(lines, len(record[0]), marks)
    return record
