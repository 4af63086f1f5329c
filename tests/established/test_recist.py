"""RECIST 1.1 with nadir against the answers of an established program."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from include.definitions import contracts
from include.warehouse import Warehouse
from tests.support.clinical import Row, fill
from tests.support.making import make

SOURCES = {"exams": "radiology", "lesions": "radiology", "procedures": "radiology", "patients": "clinic"}
CONVERT: Mapping[str, Callable[[str], object]] = {
    "text": str,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "partial_date": date.fromisoformat,
    "decimal": float,
    "integer": int,
}
BACK_AFTER_CR = {"01-701-1133-RADIOLOGIST2-E4": "PD"}
"""By sums alone 4.95 mm from a nadir of 0 is PR; after an overall CR it is PD (EORTC RECIST FAQ)."""
SUMS = ["sum_mm", "baseline_sum_mm", "nadir_sum_mm"]


def extract(folder: Path, feed: str) -> list[Row]:
    """The rows of a feed's extract, typed."""
    (file,) = (folder / "extracts" / SOURCES[feed] / feed).glob("*/*.csv")
    records = pd.read_csv(file, dtype=str, keep_default_na=False).to_dict("records")
    types = {field.name: CONVERT[field.type] for field in contracts.read(feed).fields}
    return [{str(name): types[str(name)](cell) for name, cell in row.items() if cell} for row in records]


def test_responses_and_sums_agree(warehouse: Warehouse, shared: Path) -> None:
    folder = shared / "reference" / "recist"
    expected = pd.read_csv(folder / "expected_timepoint_response.csv").set_index("exam_id")
    fill(warehouse, **{feed: extract(folder, feed) for feed in SOURCES})
    make(warehouse, "derived.timepoint_response")
    derived = warehouse.frame(
        "SELECT * FROM derived.timepoint_response WHERE criteria = 'recist_1_1' AND reader = 'registry'"
    ).set_index("exam_id")
    assert len(expected) == 33
    assert derived["response"].to_dict() == expected["expected_response"].to_dict() | BACK_AFTER_CR
    for column in SUMS:
        assert derived[column].to_dict() == pytest.approx(expected[column].to_dict(), abs=1e-9, nan_ok=True)
