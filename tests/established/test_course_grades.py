"""Small constructed courses: baselines, creatinine without one, and the worst grade, as the standards have them."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from include.warehouse import Warehouse
from tests.support.clinical import fill, rows
from tests.support.making import make

RECORD = {"toxicity_grade": "result_id", "toxicity_worst": "analyte || '|' || period"}


def test_laboratory_courses(warehouse: Warehouse, shared: Path) -> None:
    folder = shared / "reference" / "courses"
    feeds = {"procedures": "radiology", "results": "laboratory"}
    files = {feed: next((folder / "extracts" / source / feed).glob("*/*.csv")) for feed, source in feeds.items()}
    fill(warehouse, **{feed: list(_read(file)) for feed, file in files.items()})
    make(warehouse, *(f"derived.{table}" for table in RECORD))
    expected = [row for row in _read(folder / "expected.csv") if row["table"] in RECORD]
    assert len(expected) == 25
    assert [(row["record"], row["column"], found) for row in expected if (found := _found(warehouse, row))] == []


def _found(warehouse: Warehouse, expected: dict[str, Any]) -> str:
    """What stands in place of what is expected; nothing where that is there."""
    [[found]] = rows(
        warehouse,
        f"SELECT {expected['column']} FROM derived.{expected['table']} "
        f"WHERE patient_id = '{expected['patient_id']}' AND criteria = '{expected['criteria']}' "
        f"AND {RECORD[expected['table']]} = '{expected['record']}'",
    )
    accepted = {expected["expected"], *(expected["also_accepted"] or "").split("|")}
    text = str(found).lower().removesuffix(".0")
    return "" if text in accepted else text


def _read(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {name: cell or None for name, cell in row.items()}
