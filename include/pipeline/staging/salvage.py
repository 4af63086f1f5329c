"""Reads a CSV file of which some lines are no rows: each such line is set aside alone, the others are kept.

DuckDB's own table of rejects takes everything behind an open quote for one line, leaves out lines that are longer than
its buffer, and refuses mixed line ends. Here a record that is not one ends with its first line, and the next line is
looked at afresh. A row is what DuckDB's strict reading takes for one (spaces beside quotes and empty cells behind the
last column do not count), so its fate does not depend on other rows.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from include.basics.errors import RegistryError
from include.basics.trimming import trimmed
from include.pipeline.staging.content import open_bytes
from include.pipeline.staging.limits import limits
from include.pipeline.staging.marks import COMMAS, Marks
from include.warehouse.refusal import full_disk_or

LINE_END = "\r\n"


@dataclass
class Salvage:
    """How many records were kept, how many lines were set aside, and how many the dialect says are no rows.

    `told` is how many rows the last of these says that there are.
    """

    kept: int = 0
    rejected: int = 0
    ignored: int = 0
    told: int | None = None

    def ignore(self, line: re.Match[str]) -> None:
        """Count a line that is no row."""
        self.ignored += 1
        if digits := re.sub("[^0-9]", "", "".join(filter(None, line.groups()))):
            self.told = int(digits)


def not_to_its_end(error: OSError, feed: str) -> RegistryError:
    """What kept a file of a feed from being salvaged."""
    return RegistryError(full_disk_or("REG-106", error), f"A file of {feed} could not be read to its end.")


def salvage(
    file: Path, width: int, known: Sequence[int], kept: Path, rejected: Path, marks: Marks = COMMAS, before: int = 0
) -> Salvage:
    """Write the rows of a file without header, with the same marks, and the other lines as CSV `number,text`.

    `width` is the number of columns; `known` are the places of those that count: their cells may not be too long.
    `before` lines of the original are not in the file.
    """
    found = Salvage()
    with (
        open_bytes(file) as content,
        io.TextIOWrapper(content, encoding="utf-8-sig", errors="surrogateescape", newline="") as text,
        kept.open("w", encoding="utf-8", newline="") as good,
        rejected.open("w", encoding="utf-8", newline="") as bad,
    ):
        lines = Lines(text, before)
        next(lines, None)
        refused = csv.writer(bad, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for line in lines:
            if not line.strip(LINE_END):
                continue
            number = lines.number
            row = _plain(line, width, marks) or _row(lines, line, width, known, marks)
            if row:
                good.write(row)
                found.kept += 1
            elif ignored := marks.ignored_in(line):
                found.ignore(ignored)
            else:
                refused.writerow((number, printable(line)))
                found.rejected += 1
    return found


class Lines:
    """The lines of a text with their ends, numbered behind `before`; an over-long one is cut. Lines can be put back."""

    def __init__(self, text: TextIO, before: int = 0) -> None:
        self.text = text
        self.number = before
        self.waiting: deque[str] = deque()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        """Give these lines, the last that were read, once more."""
        self.waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def _read(self) -> str:
        longest = limits().longest_line + 1
        line = rest = self.text.readline(longest)
        while len(rest) == longest and not rest.endswith(("\r", "\n")):
            rest = self.text.readline(longest)
        return line


def _plain(line: str, width: int, marks: Marks) -> str | None:
    """A row without quotes and without anything long, as it stands; None when one has to look closer."""
    if line.count(marks.delimiter) != width - 1 or marks.has_quote(line):
        return None
    size = len(line) if line.isascii() else len(line) * 4
    if size > limits().longest_cell or not (size == len(line) or _is_utf8((line,))):
        return None
    return line.rstrip(LINE_END) + "\n"


def _row(lines: Lines, line: str, width: int, known: Sequence[int], marks: Marks) -> str | None:
    """The row that begins with this line, with nothing in other columns; None, and the lines behind it stay."""
    found, more = split_record(lines, line, width, marks)
    cells = [marks.text(cell) for cell in found or ()]
    if not _is_row(cells, width, known) or len(line) + sum(map(len, more)) > limits().longest_line:
        lines.put_back(more)
        return None
    quoted = (marks.quote + cells[place].replace(marks.quote, marks.quote * 2) + marks.quote for place in known)
    texts = dict(zip(known, quoted if marks.quote else map(cells.__getitem__, known), strict=True))
    return marks.delimiter.join(texts.get(place, marks.quote * 2) for place in range(width)) + "\n"


def split_record(lines: Lines, line: str, width: int, marks: Marks) -> tuple[list[re.Match[str]] | None, list[str]]:
    """The cells of the record that begins with a line, None when there is none; and the further lines that it took.

    Empty cells behind the last column do not count.
    """
    cells = split(line, marks)
    more: list[str] = []
    if cells is None and marks.leaves_open(line):
        more = until_closed(lines, len(line), marks)
        cells = split(line + "".join(more), marks)
    while cells and len(cells) > width and not marks.text(cells[-1]):
        cells.pop()
    return cells, more


def until_closed(lines: Lines, size: int, marks: Marks) -> list[str]:
    """The lines up to the one that closes the quote, unless the record becomes too long."""
    more: list[str] = []
    for line in lines:
        more.append(line)
        size += len(line)
        if not marks.leaves_open(line, inside=True) or size > limits().longest_line:
            break
    return more


def split(record: str, marks: Marks) -> list[re.Match[str]] | None:
    """The cells of a record; None when it is not one record."""
    cells: list[re.Match[str]] = []
    place = 0
    while match := marks.cell.match(record, place):
        cells.append(match)
        place = match.end() + 1
        if record[match.end() : place] != marks.delimiter:
            return None if record[match.end() :].strip(LINE_END) else cells
    return None


def _is_row(cells: list[str], width: int, known: Sequence[int]) -> bool:
    return len(cells) == width and _is_utf8(cells) and all(_fits(cells[place]) for place in known)


def _is_utf8(cells: Iterable[str]) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def _fits(cell: str) -> bool:
    return len(cell) * 4 <= limits().longest_cell or len(trimmed(cell).encode()) <= limits().longest_cell


def printable(line: str) -> str:
    """The beginning of a line, as it is kept, with U+FFFD for bytes that are not UTF-8."""
    text = line[: limits().kept_text].rstrip(LINE_END)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
