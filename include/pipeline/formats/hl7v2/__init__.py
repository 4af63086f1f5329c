"""HL7 v2: messages of laboratories, radiology, pathology (ORU, MDM) and of patients (ADT), one or many a file.

docs/formats/hl7v2.md says what becomes a row, which names and paths there are, and what is lost.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats.hl7v2.batch import Out
from include.pipeline.formats.hl7v2.columns import wanted
from include.pipeline.formats.hl7v2.grammar import Usual, usual
from include.pipeline.formats.hl7v2.lines import Lines
from include.pipeline.formats.hl7v2.personal import copy_without
from include.pipeline.formats.hl7v2.reader import Reader
from include.pipeline.formats.hl7v2.sent import SENT
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.ordering import in_order

FEEDS: Collection[str] = ()


def usual_columns(feed: str) -> Mapping[str, Any]:
    """The columns that a profile need not write."""
    return usual(feed).columns


def read(file: Path, asked: Asked, folder: Path) -> Rows:
    """The rows of a file; raises RegistryError REG-301, REG-306, and REG-401 for a path that is none."""
    known = usual(asked.feed)
    each = asked.only(known.each)
    if not each:
        raise RegistryError("REG-401", f"A profile of {asked.feed} in HL7 v2 does not say which segment is a row.")
    lines = Lines(file, asked.feed, asked.dialect.encoding)
    with Out(folder, asked.columns) as out:
        is_ordered = Reader(lines, wanted(each, asked.columns), known, out).run()
    return out.found() if is_ordered else _in_order(lines, each, asked, known, folder)


def _in_order(lines: Lines, each: str, asked: Asked, known: Usual, folder: Path) -> Rows:
    """The rows of a file whose messages were sent in another order than they stand in it."""
    columns = (SENT, *asked.columns)
    with Out(folder, columns) as out:
        Reader(lines, wanted(each, columns), known, out).run()
    in_order(out.files[0], len(columns))
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in asked.columns)
    found = out.found()
    return replace(found, relation=f"(SELECT {names} FROM {found.relation})", columns=asked.columns)


def without_personal(file: Path, target: Path, personal: Collection[str], dialect: Dialect) -> bool:
    """Copy a file without names, addresses and documents; False when it cannot be read as HL7 v2."""
    return copy_without(file, target, personal, dialect.encoding)


__all__ = ["FEEDS", "read", "usual_columns", "without_personal"]
