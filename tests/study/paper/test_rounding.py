"""Derived values take the precision of print."""

import pytest

from include.study.paper.rounding import as_printed, half_up


@pytest.mark.parametrize(
    ("value", "printed", "written"),
    [
        (2.5, "3", "3"),
        (0.125, "0.13", "0.13"),
        (24.649999999999999, "24.7", "24.7"),
        (24.6499, "24.6", "24.6"),
        (61.0, "61.0", "61.0"),
        (1.005, "1.01", "1.01"),
        (7, "7.0", "7.0"),
        (0.0099, "<0.01", "<0.01"),
        (0.01, "<0.01", "0.01"),
        (0.0004, "0.053", "<0.001"),
        (0.0, "0.00", "0.00"),
        (73.6, "not reached", "74"),
        (None, "74", "not reached"),
        (float("nan"), "74", "not reached"),
    ],
)
def test_a_value_is_written_as_print_writes_it(value: float | None, printed: str, written: str) -> None:
    assert as_printed(value, printed) == written


def test_a_half_goes_up_where_python_would_round_to_even() -> None:
    assert [half_up(value, 0) for value in (0.5, 1.5, 2.5)] == ["1", "2", "3"]
