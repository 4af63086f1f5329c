"""What a cell's text is read as; None = the text is kept, and is not of the column's type."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from include.definitions import contracts
from include.pipeline.staging import stage
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
    "2012-02-29T00:00:00.000": date(2012, 2, 29),
    "2012-02-29 00:00": date(2012, 2, 29),
    "2012-02-29T00:00:00,0Z": date(2012, 2, 29),
    "2012-02-29T00:00:00+02:00": date(2012, 2, 29),
    "2012-02-29T00:00:00.001": None,
    "2012-02-29T08:15": None,
    "0001-01-01": date(1, 1, 1),
    "0000-01-01": None,
    "-123-01-01": None,
    "9999-12-31": date(9999, 12, 31),
    "unknown": None,
}
PARTIAL_DATES = {text: (read, None) for text, read in DATES.items()} | {
    "2012": (date(2012, 1, 1), "year"),
    "2012-02": (date(2012, 2, 1), "month"),
    "2012-13": (None, None),
    "2012-2": (None, None),
    "0000": (None, None),
    "12": (None, None),
    "2012-": (None, None),
    "19x2": (None, None),
    "9999-12": (date(9999, 12, 1), "month"),
}
AT = datetime(2012, 2, 29, 8, 15)
TIMESTAMPS = {
    "2012-02-29T08:15": (AT, None),
    "2012-02-29T08:15:30": (AT.replace(second=30), None),
    "2012-02-29 08:15:30": (AT.replace(second=30), None),
    "2012-02-29T08:15:00.0": (AT, None),
    "2012-02-29T08:15:00,25": (AT.replace(microsecond=250_000), None),
    "2012-02-29T08:15:00.000000000": (AT, None),
    "2012-02-29T08:15:00.123456789": (AT.replace(microsecond=123_456), None),
    "2012-02-29T08:15+02:00": (AT, AT.replace(hour=6)),
    "2012-02-29T08:15+02": (AT, AT.replace(hour=6)),
    "2012-02-29T08:15z": (AT, AT),
    "2012-02-29T08:15:00.500+0200": (AT.replace(microsecond=500_000), AT.replace(hour=6, microsecond=500_000)),
    "2012-02-29T08:15:30-05:00": (AT.replace(second=30), AT.replace(hour=13, second=30)),
    "2012-02-29T08:15:30Z": (AT.replace(second=30), AT.replace(second=30)),
    "2012-02-29 08:15:00.000+02": (AT, AT.replace(hour=6)),
    "2012-02-29T23:45-0130": (AT.replace(hour=23, minute=45), datetime(2012, 3, 1, 1, 15)),
    "2012-03-25T02:30": (datetime(2012, 3, 25, 2, 30), None),
    "0001-01-01T08:15+14:00": (datetime(1, 1, 1, 8, 15), None),
    "9999-12-31T23:59-14:00": (datetime(9999, 12, 31, 23, 59), None),
    "2012-02-29": (datetime(2012, 2, 29), None),
    "2012-02-30": (None, None),
    "2012-02": (None, None),
    "2012-02-30T08:15": (None, None),
    "2012-02-30T08:15Z": (None, None),
    "2012-02-29T24:00": (None, None),
    "2012-02-29T25:15": (None, None),
    "2012-02-29T08:15:60": (None, None),
    "2012-02-29T08:15.5": (None, None),
    "2012-02-29T08:15:00.": (AT, None),
    "2012-02-29T08:15:00.5.5": (None, None),
    "2012-02-29T08:15+99:99": (None, None),
    "2012-02-29T08:15 CET": (None, None),
    "0000-01-01T08:15": (None, None),
    "-123-01-01T08:15": (None, None),
    "08:15": (None, None),
    "29/02/2012 08:15": (None, None),
}
DECIMALS = {
    "61": 61.0,
    "61.25": 61.25,
    "-4": -4.0,
    "0": 0.0,
    ".5": 0.5,
    "1e2": 100.0,
    "+61": 61.0,
    "61.": 61.0,
    "61,5": None,
    "6,100": None,
    "6 100": None,
    "61%": None,
    "<61": None,
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
    "≤5": (5.0, "<="),
    "≥ 1e3": (1000.0, ">="),
    "<+.5": (0.5, "<"),
    "=5": (None, None),
    "<": (None, "<"),
    "<<5": (None, "<"),
    "≤=5": (None, "<="),
    "<nan": (None, "<"),
    "1_000": (None, None),
    "haemolysed": (None, None),
    "5-6": (None, None),
}


@pytest.mark.parametrize(
    ("feed", "column", "read"),
    [
        ("visits", "visit_date", DATES),
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


def test_a_time_is_a_wall_clock_and_where_an_offset_is_written_an_instant(session: Warehouse, tmp_path: Path) -> None:
    stage_cells(session, tmp_path, "results", "collected_at", TIMESTAMPS)
    found = session.run(
        "SELECT collected_at_text, collected_at, collected_at_instant, collected_at_precision FROM staged_rows"
    ).all()
    assert {text: (wall_clock, instant) for text, wall_clock, instant, _ in found} == TIMESTAMPS
    assert {text for text, *_, precision in found if precision == "day"} == {"2012-02-29"}


def test_of_a_partial_date_the_first_day_and_what_is_known_are_kept(session: Warehouse, tmp_path: Path) -> None:
    stage_cells(session, tmp_path, "visits", "death_date", PARTIAL_DATES)
    found = session.run("SELECT death_date_text, death_date, death_date_precision FROM staged_rows")
    assert {text: (read, precision) for text, read, precision in found} == PARTIAL_DATES


@pytest.mark.parametrize(("column", "number"), [("value", "value_number"), ("reference_high", "reference_high")])
def test_a_number_may_have_a_comparator(session: Warehouse, tmp_path: Path, column: str, number: str) -> None:
    stage_cells(session, tmp_path, "results", column, MEASURED)
    found = session.run(f"SELECT {number}, {column}_comparator FROM staged_rows ORDER BY row_number")
    assert dict(zip(MEASURED, found.tuples().all(), strict=True)) == MEASURED


PERCENT = {"<1%": (1.0, "<"), "< 1 %": (1.0, "<"), "2.5\u00a0%": (2.5, None), "20%": (20.0, None), "%": (None, None)}


def test_percent_may_have_its_sign(session: Warehouse, tmp_path: Path) -> None:
    stage_cells(session, tmp_path, "reports", "ki67_percent", PERCENT)
    found = session.run("SELECT ki67_percent, ki67_percent_comparator FROM staged_rows ORDER BY row_number")
    assert dict(zip(PERCENT, found.tuples().all(), strict=True)) == PERCENT


def stage_cells(session: Warehouse, folder: Path, feed: str, column: str, texts: Mapping[str, Any]) -> None:
    """Stage a file whose rows differ in one column."""
    rows = [row(feed, str(number), **{column: text}) for number, text in enumerate(texts)]
    file = folder / f"{feed}.csv"
    file.write_bytes(as_csv(rows, contracts.read(feed).names))
    stage(session, feed, file)
