"""Which formats of numbers show a percentage."""

import time

import pytest

from include.pipeline.formats.excel.looks import is_percent


@pytest.mark.parametrize(
    ("code", "expected"),
    [("0.0%", True), ('0.0" %"', False), ("0\\%", False), ("[Red]0%", True), ("[%]0", False), ('0" "%', True)],
)
def test_a_percentage_is_a_sign_that_is_not_quoted(code: str, expected: bool) -> None:
    assert is_percent(code) is expected


def test_a_format_that_closes_no_bracket_costs_no_time() -> None:
    began = time.process_time()
    is_percent("[" * 200_000)
    assert time.process_time() - began < 1
