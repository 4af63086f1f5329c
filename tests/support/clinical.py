"""Fills the clinical tables directly, so that a derivation is tested on the few rows that matter to it."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from include.definitions import contracts
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.lineage import PERSONS
from tests.support.ledger import enter_file, enter_reading

Row = Mapping[str, Any]
BATCH_DATE = date(2030, 1, 1)
_numbers = itertools.count(1)


def fill(warehouse: Warehouse, **feeds: Sequence[Row]) -> None:
    """Add current rows, e.g. `fill(warehouse, patients=[...], results=[...])`; status is final unless given.

    A result's number and comparator are taken from its `value`. Patients that no `patients` row announces are
    announced with defaults. Every patient is queued to be derived. PostgreSQL's planner knows of the rows, as it does
    when they are received: where it guesses, a thousand results take a minute.
    """
    mentioned = {str(row["patient_id"]) for rows in feeds.values() for row in rows}
    announced = {str(row["patient_id"]) for row in feeds.get("patients", ())}
    known = {row[0] for row in warehouse.run("SELECT patient_id FROM clinical.patients")}
    missing = [{"patient_id": name} for name in sorted(mentioned - announced - known)]
    for feed, rows in {**feeds, "patients": [*feeds.get("patients", ()), *missing]}.items():
        if not rows:
            continue
        load_id = f"test-{next(_numbers)}"
        append(warehouse, f"received.{feed}", _frame(feed, rows, load_id))
        _enter_file(warehouse, feed, load_id, len(rows))
    warehouse.run(
        "INSERT INTO clinical.lifespan (patient_id, birth_date, is_active, person_id, describes) "
        "SELECT patient_id, birth_date, TRUE, patient_id, TRUE FROM clinical.patients "
        "WHERE patient_id NOT IN (SELECT patient_id FROM clinical.lifespan)"
    )
    touch(warehouse)
    warehouse.count_step("load")
    filled = (f"received.{feed}" for feed in {*feeds, "patients"})
    warehouse.analyze("received.file", "resolved.reading", "clinical.lifespan", *filled)
    warehouse.connection.commit()


def touch(warehouse: Warehouse) -> None:
    """Queue every patient to be derived from rows that were changed here, past the steps."""
    warehouse.run_file("ops/touch_everyone")
    came = "SELECT load_id, reading, unit FROM received.results WHERE unit IS NOT NULL"
    kept = "SELECT load_id, reading, unit FROM resolved.spelling"
    warehouse.run(f"INSERT INTO resolved.spelling (load_id, reading, unit) {came} EXCEPT {kept}")
    for step in (PERSONS, *(f"clinical.{feed}" for feed in contracts.FEEDS)):
        warehouse.count_step(step)


def rows(warehouse: Warehouse, select: str) -> list[tuple[Any, ...]]:
    """The rows of a SELECT as tuples."""
    return [tuple(row) for row in warehouse.run_verbatim(select)]


def _enter_file(warehouse: Warehouse, feed: str, load_id: str, rows: int) -> None:
    """The file of the rows as one that was received and resolved."""
    enter_file(warehouse, load_id, feed, BATCH_DATE)
    enter_reading(warehouse, load_id, rows)
    resolved = {"load_id": load_id, "reading": 1, "feed": feed}
    append(warehouse, "resolved.reading", pd.DataFrame([resolved], dtype=object))


def _frame(feed: str, given: Sequence[Row], load_id: str) -> pd.DataFrame:
    defaults: dict[str, Any] = {"status": "final"}
    if feed == "patients":
        defaults |= {"sex": "female", "birth_date": date(1950, 6, 15), "diagnosis_date": date(2000, 1, 1)}
    filled = [{**defaults, **row} for row in given]
    if feed == "results":
        filled = [{**row, **_measured(row.get("value"))} for row in filled]
    for number, row in enumerate(filled, start=1):
        row.setdefault(contracts.read(feed).key, f"{feed}-{number}")
        row |= {"load_id": load_id, "row_number": number, "reading": 1}
    return pd.DataFrame(filled, dtype=object)


def _measured(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    text = str(value)
    number = text.lstrip("<>=")
    comparator = text[: len(text) - len(number)] or None
    return {"value": text, "value_number": float(number), "value_comparator": comparator}
