"""A rule that Great Expectations refuses, or that cannot run on the platform's tables, is named."""

from typing import Any

from include.definitions.checking.problem import Problem
from include.definitions.checking.running import check_running
from include.definitions.checking.suites import Living
from include.definitions.expectations import Rule

ROWS = "unexpected_rows_expectation"


def living(suite: str, rule_id: str, kind: str, **kwargs: Any) -> Living:
    meta = {"rule_id": rule_id, "category": "plausibility", "remedy": "Ask."}
    settings = {"type": kind, "kwargs": kwargs, "severity": "warning", "description": "It is right.", "meta": meta}
    return Living(suite, f"expectations/{suite}.yml", Rule(rule_id, "warning", "row", settings))


def query(suite: str, rule_id: str, text: str) -> Living:
    return living(suite, rule_id, ROWS, unexpected_rows_query=text)


MISTAKES = [
    living("visits", "visits.ecog.a", "expect_column_value_to_be_nice", column="ecog"),
    living("visits", "visits.ecog.b", "expect_column_values_to_be_between", column="ecog", minimum=0),
    living("visits", "visits.ecog.c", "expect_column_values_to_be_between", column="ecog"),
    living("visits", "visits.ecog.d", "expect_column_values_to_not_be_null", column="ecg"),
    query("visits", "visits.ecog.e", "SELECT row_number FROM {batch} WHERE ecg > 4"),
    query("visits", "visits.ecog.f", "SELECT row_number FROM {batch} WHERE WHERE ecog > 4"),
    query("visits", "visits.ecog.g", "SELECT visit_id FROM {batch} WHERE ecog > 4"),
    query("visits", "visits.ecog.right", "SELECT row_number FROM {batch} WHERE ecog > 4"),
    query("warehouse", "visits.ecog.h", "SELECT row_number FROM {batch} WHERE ecog > 4"),
    query("warehouse", "visits.ecog.right_too", "SELECT load_id, row_number FROM {batch} WHERE ecog > 4"),
    living("file", "file.rows.i", "expect_column_values_to_be_between", column="lines", min_value=1),
]


def test_what_keeps_a_rule_from_being_evaluated_is_named() -> None:
    found = {problem.entry: problem for problem in check_running(MISTAKES)}

    assert found.keys() == {"file.rows.i", *(f"visits.ecog.{letter}" for letter in "abcdefgh")}
    assert "no expectation of Great Expectations" in found["visits.ecog.a"].what
    assert "minimum" in found["visits.ecog.b"].what
    assert "min_value" in found["visits.ecog.c"].what
    for letter in "de":
        assert "ecg" in found[f"visits.ecog.{letter}"].what
    assert "syntax" in found["visits.ecog.f"].what
    file, key = "expectations/visits.yml", "kwargs.unexpected_rows_query"
    assert found["visits.ecog.g"] == Problem(file, "visits.ecog.g", key, "has to return row_number", "REG-303")
    assert found["visits.ecog.h"].what == "has to return load_id, row_number"
    assert "lines" in found["file.rows.i"].what
