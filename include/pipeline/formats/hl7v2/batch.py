"""Rows on their way into CSV files, with what is no row."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from include.pipeline.formats.interface import Rows
from include.pipeline.staging.limits import limits
from include.pipeline.staging.reading import csv_rows

ROWS = "rows.csv"
SHORT = 400
"""Characters of a cell of which the bytes need not be counted."""
FILLER = "filler"
"""A second column where only one is asked: an empty cell alone would be quoted."""


class Out:
    """The files of rows and of what is none of a folder, and the counts of what is left out."""

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.files = folder / ROWS, folder / "rejected.csv"
        self.left_out: Counter[str] = Counter()
        self.rejected = 0
        self.opened = ExitStack()

    def __enter__(self) -> "Out":
        opened = [self.opened.enter_context(file.open("w", encoding="utf-8", newline="")) for file in self.files]
        self.plain = opened[0]
        self.rows, self.refused = (csv.writer(file, lineterminator="\n") for file in opened)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.opened.close()

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows whose cells are short; where no cell needs quotes, as in most, at once."""
        written = [(*row, FILLER) for row in rows] if len(self.columns) == 1 else list(rows)
        text = "\n".join(map(",".join, written))
        commas = len(written) * (len(written[0]) - 1) if written else 0
        if '"' not in text and text.count("\n") == len(written) - 1 and text.count(",") == commas:
            self.plain.write(text + "\n")
        else:
            self.rows.writerows(written)

    def write_checked(self, row: Sequence[str], number: int, line: str) -> None:
        """Write a row, or set its line aside when a cell is longer than the registry takes."""
        if any(len(cell) > SHORT and len(cell.encode()) > limits().longest_cell for cell in row):
            self.reject(number, line)
        else:
            self.write([row])

    def reject(self, number: int, line: str) -> None:
        """Set a line aside that is no row."""
        self.rejected += 1
        self.refused.writerow((number, line[: limits().kept_text]))

    def found(self, unasked: Collection[str] = ()) -> Rows:
        """What was written, for DuckDB, with paths that nobody asks for."""
        rows, rejected = self.files
        names = (*self.columns, FILLER) if len(self.columns) == 1 else self.columns
        relation = csv_rows(rows, names, has_header=False)
        if len(self.columns) == 1:
            name = self.columns[0].replace('"', '""')
            relation = f'(SELECT "{name}" FROM {relation})'
        return Rows(relation, self.columns, rejected if self.rejected else None, dict(self.left_out), unasked)
