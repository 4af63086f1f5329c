"""Liver function before and after each session."""

import pytest

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import derive, result, session
from tests.support.clinical import rows

VALUES = [
    # day, albumin in g/L, bilirubin in umol/L
    (-31, 50, 5),
    (-3, 40, 10),
    (0, 20, 200),
    (10, 30, 10),
    (29, 25, 100),
    (30, 10, 10),
]


def test_albi_takes_the_last_values_before_and_after_each_session(warehouse: Warehouse) -> None:
    results = [
        result("P1", analyte, value, day, result_id=f"{analyte} {day}")
        for day, *both in VALUES
        for analyte, value in zip(("ALB", "BILI"), both, strict=True)
    ]
    results.append(result("P1", "BILI", "<9", 20, result_id="censored"))
    sessions = [{**session("P1", day), "procedure_id": name} for name, day in (("first", 0), ("second", 30))]
    derive(warehouse, results, "derived.albi", "marts.albi", procedures=sessions)
    found = rows(
        warehouse,
        "SELECT procedure_id, moment, albumin_result_id, bilirubin_result_id, albi_grade, score FROM derived.albi "
        "ORDER BY procedure_id, moment DESC",
    )
    assert [row[:5] for row in found] == [
        ("first", "before", "ALB -3", "BILI -3", 1),
        ("first", "after", "ALB 29", "BILI 29", 3),
        ("second", "before", "ALB 29", "BILI 29", 3),
    ]
    assert [row[5] for row in found] == pytest.approx([-2.74, -0.805, -0.805])
    assert rows(
        warehouse,
        "SELECT * FROM (SELECT moment, albi_grade, procedures, denominator FROM marts.albi) AS a "
        "ORDER BY moment, albi_grade",
    ) == [("after", 3, 1, 1), ("before", 1, 1, 2), ("before", 3, 1, 2)]
