"""Rows on their way into CSV files, with what is no row."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from include.basics.trimming import trimmed
from include.pipeline.formats.interface import Rows
from include.pipeline.staging.limits import limits
from include.pipeline.staging.reading import csv_rows

ROWS = "rows.csv"
SHORT = 400
"""Characters of a cell of which the bytes need not be counted."""
TOO_LONG = "\0long"
"""What stands for a cell that is longer than the registry takes; no text has NUL."""
BLANK_OR_QUOTE = re.compile('[ "]')
SPECIAL = re.compile('[",\n]')


def as_csv(cells: Sequence[str]) -> str:
    """Some cells of a row, trimmed; most need nothing done."""
    text = ",".join(cells)
    is_plain = text.isascii() and text.isprintable() and not BLANK_OR_QUOTE.search(text)
    if is_plain and text.count(",") == len(cells) - 1 and len(text) <= SHORT:
        return text
    return ",".join(map(_cell, cells))


def as_rows(columns: Sequence[Sequence[str]]) -> list[str]:
    """The same of many rows, given as columns of one length at least."""
    rows = [*map(",".join, zip(*columns, strict=True))]
    text = "".join(rows)
    is_plain = text.isascii() and text.isprintable() and not BLANK_OR_QUOTE.search(text)
    if is_plain and text.count(",") == len(rows) * (len(columns) - 1) and max(map(len, rows), default=0) <= SHORT:
        return rows
    return [*map(as_csv, zip(*columns, strict=True))]


def _cell(text: str) -> str:
    cell = trimmed(text)
    if len(cell) > SHORT and len(cell.encode()) > limits().longest_cell:
        return TOO_LONG
    return '"' + cell.replace('"', '""') + '"' if SPECIAL.search(cell) else cell


class Out:
    """The files of rows and of what is none of a folder, and the counts of what is left out."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / ROWS, folder / "rejected.csv"
        self.left_out: Counter[str] = Counter()
        self.rejected = 0
        self.opened = ExitStack()

    def __enter__(self) -> "Out":
        rows, refused = [self.opened.enter_context(file.open("w", encoding="utf-8", newline="")) for file in self.files]
        self.write = rows.write
        self.refused = csv.writer(refused, lineterminator="\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.opened.close()

    def put(self, row: str, number: int, line: str) -> None:
        """Write a row, or set its line aside when a cell is longer than the registry takes."""
        if TOO_LONG in row:
            self.reject(number, line)
        else:
            self.write(f"{row}\n")

    @property
    def no_rows(self) -> int:
        """How many lines have left no row."""
        return self.left_out.total() + self.rejected

    def reject(self, number: int, line: str) -> None:
        """Set a line aside that is no row."""
        self.rejected += 1
        self.refused.writerow((number, line[: limits().kept_text]))

    def found(self, width: int, select: str, columns: tuple[str, ...], unasked: Collection[str]) -> Rows:
        """What was written in so many columns, as the select list makes others of them; and what nobody asks for."""
        rows, rejected = self.files
        written = csv_rows(rows, [f"c{place}" for place in range(width)], has_header=False)
        relation = f"(SELECT {select} FROM {written})"
        aside = rejected if self.rejected else None
        return Rows(relation, columns, aside, dict(self.left_out), unasked, is_trimmed=True)
