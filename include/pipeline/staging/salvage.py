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

from include.pipeline.staging.content import open_bytes
from include.pipeline.staging.limits import limits
from include.pipeline.staging.trimming import trimmed

CELL = re.compile(r' *"([^"]*+(?:""[^"]*+)*+)" *+(?=[,\r\n]|\Z)|(?! *")([^,\r\n]*+)')
LINE_END = "\r\n"


@dataclass
class Salvage:
    """How many records were kept and how many lines were set aside."""

    kept: int = 0
    rejected: int = 0


def salvage(file: Path, width: int, known: Sequence[int], kept: Path, rejected: Path) -> Salvage:
    """Write the rows of a file as plain CSV without header, and the other lines as `number,text`.

    `width` is the number of columns; `known` are the places of those that count: their cells may not be too long.
    """
    found = Salvage()
    with (
        open_bytes(file) as content,
        io.TextIOWrapper(content, encoding="utf-8-sig", errors="surrogateescape", newline="") as text,
        kept.open("w", encoding="utf-8", newline="") as good,
        rejected.open("w", encoding="utf-8", newline="") as bad,
    ):
        lines = Lines(text)
        next(lines, None)
        rows, refused = (csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL) for out in (good, bad))
        for line in lines:
            if not line.strip(LINE_END):
                continue
            number = lines.number
            plain = _plain(line, width)
            cells = None if plain else _cells(lines, line, width, known)
            if plain:
                good.write(plain)
            elif cells:
                rows.writerow(cells)
            else:
                refused.writerow((number, _printable(line)))
            found.kept += bool(plain or cells)
            found.rejected += not (plain or cells)
    return found


class Lines:
    """The lines of a text with their ends, numbered from 1; an over-long one is cut. Lines can be put back."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.number = 0
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


def _plain(line: str, width: int) -> str | None:
    """A row without quotes and without anything long, as it stands; None when one has to look closer."""
    if len(line) > limits().longest_cell or '"' in line or not line.isascii() or line.count(",") != width - 1:
        return None
    return line.rstrip(LINE_END) + "\n"


def _cells(lines: Lines, line: str, width: int, known: Sequence[int]) -> list[str] | None:
    """The cells of the record that begins with this line; None when there is none, and the lines behind it stay."""
    cells = _split(line)
    more: list[str] = []
    if cells is None and line.count('"') % 2:
        more = _until_closed(lines, len(line))
        cells = _split(line + "".join(more))
    while cells and len(cells) > width and not cells[-1]:
        cells.pop()
    if cells is None or not _is_row(cells, width, known) or len(line) + sum(map(len, more)) > limits().longest_line:
        lines.put_back(more)
        return None
    return [cell if place in known else "" for place, cell in enumerate(cells)]


def _until_closed(lines: Lines, size: int) -> list[str]:
    """The lines up to the next one with an odd number of quotes, unless the record becomes too long."""
    more: list[str] = []
    for line in lines:
        more.append(line)
        size += len(line)
        if line.count('"') % 2 or size > limits().longest_line:
            break
    return more


def _split(record: str) -> list[str] | None:
    """The cells of a record; None when it is not one record."""
    cells: list[str] = []
    place = 0
    while match := CELL.match(record, place):
        quoted, bare = match.groups()
        cells.append(bare if quoted is None else quoted.replace('""', '"'))
        place = match.end() + 1
        if record[match.end() : place] != ",":
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


def _printable(line: str) -> str:
    """The beginning of a line, with U+FFFD for bytes that are not UTF-8."""
    text = line[: limits().kept_text].rstrip(LINE_END)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
