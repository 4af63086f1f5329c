"""A file of a site whose rows become the contract's columns of text by a SELECT."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from include.definitions.contracts import Contract
from include.definitions.sites.codes import CodeList


@dataclass(frozen=True)
class MappedFile:
    """A file of a batch that a profile maps.

    `texts` selects the contract's columns in the file's order; `coded` makes, of a SELECT of these, of file_number and
    place, the one that has the site's codes replaced: those of `lists` by joining. `size` is the file's in bytes; files
    of one `version` may be typed together. `missing` are columns of the contract, and those of the file that say which
    rows there are; `unknown` counts columns of the file; `rejected` holds what is no row, `left_out` says by reason
    what leaves none; `counted` are SELECTs of more reasons and counts. `again` reads the file line by line, where it
    could not be read at once.
    """

    contract: Contract
    number: int
    prefixes: Mapping[str, str]
    size: int
    texts: str
    coded: Callable[[str], str]
    version: str
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unknown: int = 0
    rejected: Path | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    counted: Sequence[str] = ()
    again: Callable[[], "MappedFile"] | None = None
