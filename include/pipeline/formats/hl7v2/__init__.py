"""HL7 v2: messages of laboratories, radiology, pathology (ORU, MDM) and of patients (ADT), one or many a file.

docs/formats/hl7v2.md says what becomes a row, which names and paths there are, and what is lost.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats.hl7v2.batch import ROWS, Out
from include.pipeline.formats.hl7v2.columns import Wanted, wanted
from include.pipeline.formats.hl7v2.grammar import usual
from include.pipeline.formats.hl7v2.lines import Lines
from include.pipeline.formats.hl7v2.personal import copy_without
from include.pipeline.formats.hl7v2.reader import Reader
from include.pipeline.formats.hl7v2.sent import SENT, Order, OutOfOrderError
from include.pipeline.formats.hl7v2.unasked import Unasked
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.ordering import in_order

FEEDS: Collection[str] = ()


def usual_columns(feed: str) -> Mapping[str, Any]:
    """The columns that a profile need not write."""
    return usual(feed).columns


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file; raises RegistryError REG-301, REG-306, and REG-401 for a path that is none."""
    each = asked.only(usual(asked.feed).each)
    if not each:
        raise RegistryError("REG-401", f"A profile of {asked.feed} in HL7 v2 does not say which segment is a row.")
    lines = Lines(file, asked.feed, asked.dialect.encoding)
    try:
        return _read(lines, wanted(each, asked.columns), asked, Order(needed=True), folder)
    except OutOfOrderError:
        return _in_order(lines, wanted(each, (SENT, *asked.columns)), asked, folder)


def _read(lines: Lines, columns: Wanted, asked: Asked, order: Order, folder: Path) -> Rows:
    """The rows of a file in its order; raises OutOfOrderError."""
    unasked = Unasked(asked, columns.each)
    with Out(folder) as out:
        reader = Reader(lines, columns, unasked, order, out)
        reader.run()
    select = columns.select(asked.columns)
    return out.found(len(columns.written), select, asked.columns, unasked.paths(reader.said.passed_by))


def _in_order(lines: Lines, columns: Wanted, asked: Asked, folder: Path) -> Rows:
    """The rows of a file of which some messages were sent in another order than they stand in it.

    Where a later one does not say when, the order stays.
    """
    order = Order(needed=False)
    found = _read(lines, columns, asked, order, folder)
    if order.is_known:
        in_order(folder / ROWS, len(columns.written))
    return found


def without_personal(
    file: Path, target: Path, personal: Collection[str], dialect: Dialect, beside: Collection[str] = ()
) -> bool:
    """Copy a file without names, addresses and documents; False when it cannot be read as HL7 v2."""
    return copy_without(file, target, [*personal, *beside], dialect.encoding)


__all__ = ["FEEDS", "read", "usual_columns", "without_personal"]
