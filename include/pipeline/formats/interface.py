"""What every reader of a format is asked, and what it answers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect

UNKNOWN_ROWS = "unknown_rows"
"""The reason of what leaves no row and is told to a person."""


@dataclass(frozen=True)
class SameFiles:
    """What the feeds that are read from the same files say together, in the profile's order.

    `feeds` are these with what becomes a row of each (empty = what is usual), `spoken` all columns and paths that one
    of them names or leaves out, `ignored` the texts of a column or path whose rows are not needed.
    """

    feeds: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    spoken: frozenset[str] = frozenset()
    ignored: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a profile wants of a file.

    `columns` are the columns or paths that the profile names. `each` is what becomes a row (OBX, OBR, Observation, ...;
    empty = what is usual for the feed), of FHIR several types. `dialect` says how a file is written, `beside` what else
    is read from the same files.
    """

    feed: str
    columns: tuple[str, ...]
    each: str | Sequence[str] = ""
    dialect: Dialect = field(default_factory=Dialect)
    beside: SameFiles = field(default_factory=SameFiles)

    def only(self, usual: str) -> str:
        """The one kind of what becomes a row; raises RegistryError REG-401 for several."""
        each = self.each or usual
        if not isinstance(each, str):
            raise RegistryError("REG-401", f"A profile makes rows of {self.feed} of several kinds, as FHIR alone can.")
        return each


@dataclass(frozen=True)
class Rows:
    """The rows of a file, for DuckDB.

    `relation` is a FROM item with the text columns `columns`, in the file's order. `rejected` is a CSV file without
    header, one line `number,text` for each line or message that is no row (None = there is none). `left_out` counts by
    reason what leaves no row although it could be read (a comment, a PDF, a segment that no feed takes): received =
    rows + rejected + left out. `unasked` are paths of what a file of records says and no feed of it names.
    `line_by_line` reads a file again whose relation cannot be read to its end: then each line that is no row is in
    `rejected`. `is_trimmed` says that no cell has blanks around it, and that all are as Unicode's NFC has them.
    """

    relation: str
    columns: tuple[str, ...]
    rejected: Path | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    unasked: Collection[str] = ()
    line_by_line: Callable[[], "Rows"] | None = None
    is_trimmed: bool = False


class Format(Protocol):
    """A reader: a module, or an object, with these."""

    FEEDS: Collection[str]
    """The feeds that it can serve; empty = any."""

    def usual_columns(self, feed: str) -> Mapping[str, Any]:
        """The `columns` that a profile need not write; the profile's own go before these."""

    def read(self, file: Path, asked: Asked, folder: Path) -> Rows:
        """The rows of a file; `folder` takes what is written on the way, and lives as long as the rows are needed.

        Raises RegistryError REG-301 when the file as a whole cannot be read, REG-306 when more would come out of it
        than the registry takes. No message quotes the file.
        """

    def without_personal(
        self, file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
    ) -> bool:
        """Copy a file without what names a person.

        `personal` are further columns or paths, from the profile; of a table each has to be there (REG-218). `beside`
        are those of the other exports that take the file: they go where they are there.
        False, and nothing is written, when there is nothing to take away. Bytes that cannot be read as the format are
        left as they are: such a file is held, and told to a person.
        """
