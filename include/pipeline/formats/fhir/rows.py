"""Writes the rows of a FHIR file: versions of a resource in the order of their `meta.lastUpdated`, then of the file."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.pipeline.formats.cells import cell
from include.pipeline.formats.fhir.columns import Get, Wanted, is_person, wanted
from include.pipeline.formats.fhir.decoding import UnreadableError, decode, part, text_of
from include.pipeline.formats.fhir.named import Record, is_withdrawn
from include.pipeline.formats.fhir.records import Resource
from include.pipeline.formats.fhir.references import People
from include.pipeline.formats.fhir.unasked import Unasked
from include.pipeline.formats.interface import Asked, Rows
from include.pipeline.formats.ordering import in_order
from include.pipeline.staging.limits import limits
from include.pipeline.staging.reading import csv_rows

Pieces = Iterable[tuple[int, bytes]]
"""Texts of JSON with their numbers: lines, or entries of a bundle."""
Unfold = Callable[[Any], Iterator[Resource | None]]
WHEN = "lastUpdated"


@dataclass
class Found:
    """What was found in a file."""

    resources: int = 0
    rejected: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    latest: float = float("-inf")
    is_ordered: bool = True
    unasked: set[str] = field(default_factory=set)


def read(pieces: Callable[[], Pieces], unfold: Unfold, asked: Asked, folder: Path) -> Rows:
    """The rows of a file; it is read twice when a patient stands behind what tells of him."""
    asks = wanted(asked)
    people = People(asks.keeps_patients)
    rows, rejected = folder / "rows.csv", folder / "rejected.csv"
    unasked = Unasked(asked)
    found = _write(pieces(), unfold, asks, people, unasked, rows, rejected)
    if people.late:
        found = _write(pieces(), unfold, asks, people, unasked, rows, rejected)
    if found.rejected and not found.resources:
        raise RegistryError("REG-301", f"A file of {asked.feed} has no line or entry that is a FHIR resource.")
    columns = (WHEN, *asked.columns)
    if not found.is_ordered:
        in_order(rows, len(columns))
    cells = ", ".join('"' + name.replace('"', '""') + '"' for name in asked.columns) or "NULL"
    relation = f"(SELECT {cells} FROM {csv_rows(rows, columns, has_header=False)})"
    return Rows(relation, asked.columns, rejected if found.rejected else None, dict(found.left_out), found.unasked)


def _write(
    pieces: Pieces,
    unfold: Unfold,
    asks: Wanted,
    people: People,
    unasked: Unasked,
    rows: Path,
    rejected: Path,
) -> Found:
    found = Found()
    with (
        rows.open("w", encoding="utf-8", newline="") as good,
        rejected.open("w", encoding="utf-8", newline="") as bad,
    ):
        write, refuse = (csv.writer(out, lineterminator="\n").writerow for out in (good, bad))
        try:
            for number, text in pieces:
                for resource in _resources(text, unfold):
                    if resource is None:
                        found.rejected += 1
                        refuse((number, _printable(text)))
                        continue
                    found.resources += 1
                    if is_person(resource.node):
                        people.meet(resource.node, resource.url)
                        found.unasked |= unasked.elements(resource.node)
                    if resource.node["resourceType"] not in asks.types:
                        found.left_out.update(filter(None, [unasked.reason(resource)]))
                    elif not _add(resource, asks, people, found, write):
                        found.rejected += 1
                        refuse((number, _printable(text)))
        except RecursionError:
            raise RegistryError("REG-306", "A FHIR file has values that are nested too deep.") from None
    return found


def _resources(text: bytes, unfold: Unfold) -> Iterable[Resource | None]:
    if len(text) > limits().longest_line:
        return (None,)
    try:
        return unfold(decode(text))
    except UnreadableError:
        return (None,)


def _add(resource: Resource, asks: Wanted, people: People, found: Found, write: Callable[[list[Any]], Any]) -> bool:
    """Write the rows of a resource; False, and nothing is written, when a cell is longer than the registry takes, or
    a modifier that no path of the profile names may change what the resource means: not that of one that is withdrawn.
    """
    records = list(asks.records(resource, people))
    nodes = [resource.node, *[record.node for record in records if record.is_part]]
    if not all(map(asks.modifiers.isdisjoint, nodes)) and not is_withdrawn(resource):
        return False
    reasons = [asks.why_not(record) for record in records]
    columns = asks.columns[resource.node["resourceType"]]
    rows = [_cells(record, columns) for record, why in zip(records, reasons, strict=True) if not why]
    if None in rows:
        return False
    found.left_out.update(filter(None, [*reasons, asks.why_no_part(resource, records)]))
    if rows:
        when = _instant(text_of(part(resource.node.get("meta"), "lastUpdated")))
        found.is_ordered = found.is_ordered and when >= found.latest
        found.latest = when
        for row in filter(None, rows):
            write([when, *row])
    return True


def _cells(record: Record, columns: Sequence[Get]) -> list[str | None] | None:
    """The cells of a row, None when one is longer than the registry takes; most rows are shorter as a whole."""
    cells = [get(record) for get in columns]
    texts, longest = list(filter(None, cells)), limits().longest_cell
    text = "".join(texts)
    if len(text) * 4 > longest and any(len(one.encode("utf-8", "replace")) > longest for one in texts):
        return None
    return list(map(cell, cells)) if "\r" in text else cells


@lru_cache(maxsize=1024)
def _instant(text: str | None) -> float:
    """Seconds since 1970; of what says no time, a time before all others."""
    try:
        when = datetime.fromisoformat(text or "")
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("-inf")


def _printable(text: bytes) -> str:
    """The beginning of a text, with U+FFFD for bytes that are not UTF-8, without NUL characters."""
    begin = text[: 4 * limits().kept_text].decode("utf-8", "replace").replace("\0", "\ufffd")
    return begin[: limits().kept_text].replace("\r", " ").strip()
