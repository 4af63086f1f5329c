"""What a row's page shows: as it came, as mapped, the versions of its key, the patient's other rows of that day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from include.basics.templates import Names
from include.definitions import contracts
from include.monitor.listing import Row, read
from include.warehouse import Warehouse


@dataclass(frozen=True)
class Typed(Names, files="monitor/typed_rows"):
    """The rows of a feed that are shown with their columns: all of a key, or a patient's of one day."""

    contract: contracts.Contract
    of_day: bool = False


@dataclass(frozen=True)
class Told:
    """What is known of a row without its cells: file, state, rules that it fails, changes of state, notes."""

    file: Row
    facts: Mapping[str, Any]
    rules: list[Row]
    trail: list[Row]
    notes: list[Row]


MOST = 50
"""The most versions of a key, and the most other rows of a feed, that a page shows: the latest."""


@dataclass(frozen=True)
class Cells:
    """What a row says: by column as it came and as mapped, all versions of its key, other rows of its patient."""

    came: dict[str, Any]
    versions: list[Row]
    others: dict[str, list[Row]]
    place: tuple[str, int]

    @property
    def mapped(self) -> Row:
        """The row as it is kept; empty for a line that is no row."""
        return next((row for row in self.versions if (row["at_load"], row["at_row"]) == self.place), {})

    def changed(self, number: int, column: str) -> bool:
        """Whether a version says something else than the one before it."""
        return number > 0 and self.versions[number][column] != self.versions[number - 1][column]


def told(warehouse: Warehouse, load_id: str, row_number: int) -> Told | None:
    """What is known of a row; None when there is no such file, or nothing is known of the row."""
    place: dict[str, Any] = {"load_id": load_id, "row_number": row_number}
    files = read(warehouse, "row_file", load_id=load_id)
    rules, trail, notes = (
        [dict(row) for row in warehouse.run_file(f"decisions/{name}", **place).mappings()]
        for name in ("failed_rules", "trail", "notes_of_row")
    )
    facts: Row = dict(warehouse.run_file("decisions/record", **place).mappings().first() or {})
    return Told(files[0], facts, rules, trail, notes) if files and (facts or rules) else None


def cells(warehouse: Warehouse, row: Told, row_number: int) -> Cells:
    """What the row says, and what is known beside it."""
    place = (row.file["load_id"], row_number)
    versions = _versions(warehouse, row.file["feed"], row.facts.get("record_key"), place)
    found = Cells(json.loads(row.facts.get("payload") or "{}"), versions, {}, place)
    if not row.facts and found.mapped:
        key = found.mapped[contracts.read(row.file["feed"]).key]
        found = Cells({}, _versions(warehouse, row.file["feed"], key, place), {}, place)
    return Cells(found.came, found.versions, _others(warehouse, row.file["feed"], found), place)


def _versions(warehouse: Warehouse, feed: str, key: str | None, place: tuple[str, int]) -> list[Row]:
    return _typed(warehouse, Typed(contracts.read(feed)), place, key=key)


def _others(warehouse: Warehouse, feed: str, of: Cells) -> dict[str, list[Row]]:
    """The patient's rows of other keys on the day on which the row happened, by feed."""
    day, patient_id = _day(of.mapped.get(contracts.read(feed).event_date)), of.mapped.get("patient_id")
    if day is None or patient_id is None:
        return {}
    said: dict[str, Any] = {"patient_id": patient_id, "day": day}
    feeds = [row["feed"] for row in read(warehouse, "feeds_of_day", **said)]
    found = {feed: _of_day(warehouse, feed, of.place, **said) for feed in feeds}
    own = {(row["at_load"], row["at_row"]) for row in of.versions}
    others = {feed: _without(rows, own) for feed, rows in found.items()}
    return {feed: rows for feed, rows in others.items() if rows}


def _without(rows: list[Row], own: set[tuple[str, int]]) -> list[Row]:
    others = [row for row in rows if (row["at_load"], row["at_row"]) not in own]
    return [{**row, "at_total": row["at_total"] - len(rows) + len(others)} for row in others]


def _of_day(warehouse: Warehouse, feed: str, place: tuple[str, int], **of: Any) -> list[Row]:
    return _typed(warehouse, Typed(contracts.read(feed), of_day=True), place, **of)


def _typed(warehouse: Warehouse, rows: Typed, place: tuple[str, int], **of: Any) -> list[Row]:
    load_id, row_number = place
    found = warehouse.run_file("monitor/typed_rows", rows, load_id=load_id, row_number=row_number, most=MOST, **of)
    return [dict(row) for row in found.mappings()]


def _day(moment: Any) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
