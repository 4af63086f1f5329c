"""What a cell's text is read as; None = the text is kept, and is not of the column's type."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from include import contracts
from include.staging import stage
from include.warehouse import Warehouse
from tests.support.extracts import as_csv, row

DATES = {
    "2012-02-29": date(2012, 2, 29),
    "2011-02-29": None,
    "2012-13-01": None,
    "29/02/2012": None,
    "29-02-2012": None,
    "2012-2-9": None,
    "20120229": None,
    "2012-02-29T08:15": None,
    "0001-01-01": date(1, 1, 1),
    "0000-01-01": None,
    "-123-01-01": None,
    "9999-12-31": date(9999, 12, 31),
    "unknown": None,
}
TIMESTAMPS = {
    "2012-02-29T08:15": datetime(2012, 2, 29, 8, 15),
    "2012-02-29T08:15:30": datetime(2012, 2, 29, 8, 15, 30),
    "2012-02-29T08:15+02:00": datetime(2012, 2, 29, 8, 15),
    "2012-02-29T08:15:30-05:00": datetime(2012, 2, 29, 8, 15, 30),
    "2012-02-29T08:15:30Z": datetime(2012, 2, 29, 8, 15, 30),
    "2012-02-29T23:45+0200": datetime(2012, 2, 29, 23, 45),
    "2012-02-29 08:15:30": datetime(2012, 2, 29, 8, 15, 30),
    "2012-02-29": None,
    "2012-02-30T08:15": None,
    "2012-02-29T25:15": None,
    "0000-01-01T08:15": None,
    "-123-01-01T08:15": None,
    "08:15": None,
    "29/02/2012 08:15": None,
}
DECIMALS = {
    "61": 61.0,
    "61.25": 61.25,
    "-4": -4.0,
    "0": 0.0,
    ".5": 0.5,
    "1e2": 100.0,
    "61,5": None,
    "1_000": None,
    "nan": None,
    "NaN": None,
    "inf": None,
    "-Infinity": None,
    "0x1F": None,
    "61 kg": None,
    "1e100": 1e100,
    "1e101": None,
    "-1e-100": -1e-100,
    "1e-101": None,
    "1e-400": 0.0,
    "1e999": None,
    "true": None,
}
INTEGERS = {"2": 2, "2.0": 2, "-1": -1, "3.7": None, "two": None, "1_0": None, "nan": None, "1e30": None}
MEASURED = {
    "30": (30.0, None),
    "30.5": (30.5, None),
    "<5": (5.0, "<"),
    "<=5": (5.0, "<="),
    ">1000": (1000.0, ">"),
    ">=1000.5": (1000.5, ">="),
    "< 5": (5.0, "<"),
    "=5": (None, None),
    "<": (None, "<"),
    "<<5": (None, "<"),
    "<nan": (None, "<"),
    "1_000": (None, None),
    "haemolysed": (None, None),
    "5-6": (None, None),
}


@pytest.mark.parametrize(
    ("feed", "column", "read"),
    [
        ("visits", "visit_date", DATES),
        ("results", "collected_at", TIMESTAMPS),
        ("visits", "weight_kg", DECIMALS),
        ("visits", "ecog", INTEGERS),
    ],
)
def test_text_is_read_as_the_type_of_its_column(
    session: Warehouse, tmp_path: Path, feed: str, column: str, read: Mapping[str, Any]
) -> None:
    stage_cells(session, tmp_path, feed, column, read)
    found = session.run(f"SELECT {column}_text, {column} FROM staged_rows ORDER BY row_number")
    assert dict(found.tuples().all()) == read


def test_a_result_is_a_number_and_its_comparator(session: Warehouse, tmp_path: Path) -> None:
    stage_cells(session, tmp_path, "results", "value", MEASURED)
    found = session.run("SELECT value, value_number, value_comparator FROM staged_rows ORDER BY row_number")
    assert {text: (number, comparator) for text, number, comparator in found} == MEASURED


def stage_cells(session: Warehouse, folder: Path, feed: str, column: str, texts: Mapping[str, Any]) -> None:
    """Stage a file whose rows differ in one column."""
    rows = [row(feed, str(number), **{column: text}) for number, text in enumerate(texts)]
    file = folder / f"{feed}.csv"
    file.write_bytes(as_csv(rows, contracts.read(feed).names))
    stage(session, feed, file)
