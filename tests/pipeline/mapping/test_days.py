"""A time in a column of dates is its day there."""

import duckdb
import pytest

from include.pipeline.mapping.dates import day_of


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-06-01T23:30:00Z", "2023-06-01"),
        ("2023-06-01 09:00", "2023-06-01"),
        ("2023-06-01", "2023-06-01"),
        ("2023-06", "2023-06"),
        ("2023-06-01x", "2023-06-01x"),
    ],
)
def test_the_day_of_a_time(text: str, day: str) -> None:
    assert duckdb.execute(f"SELECT {day_of('t')} FROM (SELECT '{text}' AS t)").fetchone() == (day,)
