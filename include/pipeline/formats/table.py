"""What the readers of tables share: names of columns, and the rows that they write for DuckDB."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.trimming import trimmed
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.staging.limits import limits
from include.pipeline.staging.reading import csv_rows

NOT_FOUND = "REG-218"
"""The code of a column that names a person and is not in a file."""


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """The names of columns so that DuckDB can tell them apart, be they written in capitals or not.

    The second `name` is `name (2)`; the third column without a name at all is `column 3`.
    """
    taken: set[str] = set()
    counts: defaultdict[str, int] = defaultdict(lambda: 1)
    names = []
    for place, given in enumerate(header, 1):
        name = first = trimmed(given) or f"column {place}"
        while name.casefold() in taken:
            counts[first.casefold()] += 1
            name = f"{first} ({counts[first.casefold()]})"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def hidden(header: Sequence[str], personal: Collection[str], beside: Collection[str] = ()) -> list[bool]:
    """Which columns name a person, whatever their capitals and however often a name is there; `beside` as well.

    Raises RegistryError REG-218 when one of `personal` is not in the header: it may be there by another name.
    """
    wanted = {trimmed(name).casefold() for name in personal} if any(header) else set()
    further = {trimmed(name).casefold() for name in beside}
    names = [
        {trimmed(given).casefold(), name.casefold()} for given, name in zip(header, unique_names(header), strict=True)
    ]
    if wanted.difference(*names):
        lacking = sorted(name for name in set(personal) if trimmed(name).casefold() not in set().union(*names))
        raise RegistryError(NOT_FOUND, f"A file's header lacks columns that name a person: {', '.join(lacking)}.")
    return [bool(name & (wanted | further)) for name in names]


def takes(asked: Asked, name: str) -> bool:
    """Whether a column is wanted; where none is named all are."""
    return not asked.columns or name in asked.columns


class RowWriter:
    """Writes rows of text as the CSV file that DuckDB reads, and beside it what is no row.

    Only columns that are asked for are written; a row in which one of those cells cannot be kept is set aside.
    """

    def __init__(self, names: Sequence[str], asked: Asked, kept: Path, rejected: Path) -> None:
        self.names = tuple(names)
        self.used = [takes(asked, name) for name in names]
        self.kept, self.rejected = kept, rejected
        self.refused = 0

    @contextmanager
    def opened(self) -> Iterator["RowWriter"]:
        """Rows can be added."""
        with (
            self.kept.open("w", encoding="utf-8", newline="") as good,
            self.rejected.open("w", encoding="utf-8", newline="") as bad,
        ):
            self.minimal = csv.writer(good, lineterminator="\n")
            self.quoted = csv.writer(good, lineterminator="\n", quoting=csv.QUOTE_ALL)
            self.aside = csv.writer(bad, lineterminator="\n", quoting=csv.QUOTE_ALL)
            yield self

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Add a row; one whose cells are all empty is none."""
        used = [cell if use else "" for cell, use in zip(cells, self.used, strict=True)]
        text = "".join(used)
        if not text and not any(cells):
            return
        if not _can_be_kept(text, used):
            self.reject(number, " ".join(cells))
        elif "\r" in text:
            self.quoted.writerow(used)
        else:
            self.minimal.writerow(used)

    def reject(self, number: int, text: str) -> None:
        """Set aside what is no row."""
        kept = text[: limits().kept_text].replace("\0", "\ufffd")
        self.aside.writerow((number, kept.encode("utf-8", "replace").decode()))
        self.refused += 1

    def rows(self) -> Rows:
        """What was written."""
        relation = csv_rows(self.kept, self.names, has_header=False)
        return Rows(relation, self.names, self.rejected if self.refused else None)


@contextmanager
def writing(header: Sequence[str], asked: Asked, folder: Path) -> Iterator[RowWriter]:
    """A writer of rows, into a folder; raises RegistryError REG-301 when the header is too long."""
    names, longest = unique_names(header), limits().longest_header
    if sum(map(len, names)) > longest:
        raise RegistryError("REG-301", f"A file of {asked.feed} has a header of more than {longest} characters.")
    with RowWriter(names, asked, folder / "rows.csv", folder / "rejected.csv").opened() as writer:
        yield writer


def _can_be_kept(text: str, cells: Sequence[str]) -> bool:
    longest = limits().longest_cell
    if len(text) * 4 > longest and any(len(trimmed(cell).encode("utf-8", "replace")) > longest for cell in cells):
        return False
    if "\0" in text:
        return False
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        return False
    return True
