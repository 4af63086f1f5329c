"""What a profile makes of a file's cells: a table in, the contract's columns as text out."""

from typing import Any

import pytest

from tests.pipeline.mapping.plans import Cells, mapped, plan_of


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("A", {"A": " x ", "B": "y"}, "x"),
        (["A", "B"], {"A": "x", "B": "y"}, "x y"),
        (["A", "B"], {"A": "x", "B": None}, "x"),
        ({"from": ["A", "B", "C"], "join": "|"}, {"A": "x", "B": None, "C": "z"}, "x||z"),
        ({"from": ["A", "B"], "join": "|"}, {"A": None, "B": None}, None),
        ({"first": ["A", "B"]}, {"A": None, "B": "y"}, "y"),
        ({"value": "x"}, {"A": None}, "x"),
        ({"from": "A", "match": "P/(.+)"}, {"A": "P/7"}, "7"),
        ({"from": "A", "match": "P/(.+)"}, {"A": "Q/7"}, "Q/7"),
        ({"from": "A", "match": "^(?:([0-9,]+) *-)?.*$"}, {"A": "10,0 - 35,0"}, "10,0"),
        ({"from": "A", "match": "^(?:([0-9,]+) *-)?.*$"}, {"A": "< 35"}, None),
        ({"from": "A", "map": {"1": "yes", "0": "no"}}, {"A": "1"}, "yes"),
        ({"from": "A", "map": {"1": "yes"}}, {"A": "2"}, "2"),
        ({"from": "A", "map": {"": "no"}}, {"A": None}, "no"),
        ({"from": "A", "map": {"": "alive", "*": "dead"}}, {"A": "2019-01-02"}, "dead"),
        ({"from": "A", "map": {"": "alive", "*": "dead"}}, {"A": None}, "alive"),
        ({"from": "A", "map": {"x": "yes", "*": "no"}}, {"A": None}, None),
        ("a'b", {"a'b": "x"}, "x"),
        ('say "x"', {'say "x"': "x"}, "x"),
    ],
)
def test_a_column_comes_from_what_the_profile_says(column: Any, cells: Cells, expected: str | None) -> None:
    assert mapped(plan_of({"columns": {"test_name": column}}), "test_name", cells) == [expected]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("62,0", "62.0"),
        ("> 2 000", ">2000"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("≤5,5", "≤5.5"),
        ("1.5", "1·5"),
        ("> 1 234 567,5 ", ">1234567.5"),
        ("1 50 000", "150000"),
        ("5,5 U/L", "5.5U/L"),
        ("12 15", "12 15"),
        ("1 5000", "1 5000"),
        ("0 500", "0 500"),
        ("1,5 5", "1,5 5"),
        ("Haemolyse", "Haemolyse"),
        ("nég . ", "nég ."),
        ("ND", None),
        ("", None),
    ],
)
def test_a_number_has_a_decimal_comma(written: str, read: str | None) -> None:
    dialect = {"decimal": ",", "group": " \u00a0\u202f", "missing": ["", "ND"]}
    assert mapped(plan_of({"dialect": dialect, "columns": {"value": "V"}}), "value", {"V": written}) == [read]


@pytest.mark.parametrize(
    ("decimal", "group", "written", "read"),
    [
        (",", ".", "1.234.567,5", "1234567.5"),
        (",", ".", "1.5", "1·5"),
        (",", ".", ".5", "·5"),
        (",", ".", "12.03.2024", "12·03·2024"),
        (",", ".", "1,5.5", "1,5·5"),
        (".", ",", "2,000.5", "2000.5"),
        (".", ",", "<1,234", "<1234"),
        (".", ",", "1,1", "1,1"),
        (".", ",", "1,1.5", "1,1·5"),
        (".", "'", "1'234", "1234"),
        (".", ",", "≥ .5", "≥ .5"),
        (",", "", "≥ ,5", "≥ .5"),
        (",.", "", "1,25", "1.25"),
        (",.", "", "<1.25", "<1.25"),
        (",.", "", "1.250,5", "1.250.5"),
        (",.", " ", "1 250,5", "1250.5"),
        (",.", " ", "1 250.5", "1250.5"),
    ],
)
def test_a_group_mark_is_one_only_where_numbers_have_it(decimal: str, group: str, written: str, read: str) -> None:
    dialect = {"decimal": decimal, "group": group}
    assert mapped(plan_of({"dialect": dialect, "columns": {"value": "V"}}), "value", {"V": written}) == [read]


def test_a_column_may_write_numbers_otherwise_than_its_file() -> None:
    columns = {"value": "V", "reference_high": {"from": "H", "decimal": "."}}
    plan = plan_of({"format": "csv", "dialect": {"decimal": ",", "group": "."}, "columns": columns})
    assert mapped(plan, "reference_high", {"V": "1.062,5", "H": "35.5"}) == ["35.5"]


@pytest.mark.parametrize(
    ("feed", "column", "said", "cells", "expected"),
    [
        ("visits", "weight_kg", {}, ("heavy", "62,5"), "62.5"),
        ("visits", "weight_kg", {}, ("50", "62,5"), "50"),
        ("visits", "weight_kg", {"unit": "g"}, ("heavy", "137 lb"), "62.14215469"),
        ("visits", "weight_kg", {}, ("heavy", None), "heavy"),
        ("visits", "visit_date", {}, ("soon", "04.05.2024"), "2024-05-04"),
        ("visits", "vital_status", {"map": {"lebt": "alive"}}, ("?", "lebt"), "alive"),
        ("results", "collected_at", {}, ("soon", "04.05.2024"), "2024-05-04"),
        ("results", "value", {}, ("siehe Text", "< 5,5"), "< 5.5"),
    ],
)
def test_the_first_of_several_columns_that_can_be_read(
    feed: str, column: str, said: dict[str, Any], cells: tuple[str, str | None], expected: str
) -> None:
    taken = {
        "dialect": {"decimal": ","},
        "dates": {"date": "%d.%m.%Y"},
        "columns": {column: {"first_readable": ["A", "B"], **said}},
    }
    assert mapped(plan_of(taken, feed=feed), column, dict(zip("AB", cells, strict=True))) == [expected]


@pytest.mark.parametrize(
    ("value", "concept", "expected"),
    [
        ("5", "4171756", "<5"),
        ("5", "4172703", "5"),
        ("> 5", "4171756", "> 5"),
        ("5", None, "5"),
        (None, "4171756", None),
    ],
)
def test_a_comparator_goes_before_a_number_that_has_none(
    value: str | None, concept: str | None, expected: str | None
) -> None:
    comparator = {"from": "O", "map": {"4171756": "<", "4172703": "="}}
    plan = plan_of({"columns": {"value": {"from": "V", "comparator": comparator}}})
    assert mapped(plan, "value", {"V": value, "O": concept}) == [expected]
