"""What is mutated: a small good extract of each feed, and what a mutation makes of it."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from include.definitions import contracts
from tests.support.extracts import row

SENTINEL = "Zq7"
"""Part of every key and of every word that a mutation writes: for clinical and quarantine, and nowhere else."""
ROWS = 6


@dataclass(frozen=True)
class Extract:
    """A file before it is written: its header and the text of its cells."""

    feed: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self, delimiter: str = ",", line_end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
        """The file as text."""
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(
            (self.header, *self.rows)  # type: ignore[arg-type]
        )
        return out.getvalue()

    def with_rows(self, rows: Sequence[Sequence[str]]) -> "Extract":
        """The same header over other rows."""
        return replace(self, rows=tuple(map(tuple, rows)))


@dataclass(frozen=True)
class Mutant:
    """A file that a mutation made; `rows` are those that must be accounted for, None when the text does not tell."""

    name: str
    content: bytes
    ending: str = ".csv"
    rows: int | None = None


Mutation = Callable[[Random, Extract], Mutant]


def good_extract(feed: str) -> Extract:
    """Valid rows of patient P1, with keys of their own."""
    names = contracts.read(feed).names
    rows = [row(feed, f"{SENTINEL}-{number}") for number in range(ROWS)]
    return Extract(feed, names, tuple(tuple(cells.get(name, "") for name in names) for cells in rows))


def written(name: str, text: str, rows: int | None = None, encoding: str = "utf-8") -> Mutant:
    """A CSV file of a text."""
    return Mutant(name, text.encode(encoding), ".csv", rows)
