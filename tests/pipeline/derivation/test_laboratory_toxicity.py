"""Toxicity grades: which limits are passed, multiples of the reference limits or of the baseline."""

from typing import Any

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import derive, grades, result
from tests.support.clinical import Row, rows

ALL = ("ctcae_v3", "ctcae_v4", "ctcae_v5")

AT_THE_LIMITS: list[tuple[str, object, Any, Any, Any]] = [
    # analyte, value of an ULN of 35.2 (LLN 150), grade by v3, v4, v5 with a normal baseline
    ("AST", 35.2, 0, 0, 0),
    ("AST", 35.3, 1, 1, 1),
    ("AST", 2.5 * 35.2, 1, 1, 1),
    ("AST", 88.1, 2, 1, 1),
    ("ALT", 3 * 35.2, 2, 1, 1),
    ("ALT", 105.7, 2, 2, 2),
    ("ALT", 176, 2, 2, 2),
    ("ALT", 176.1, 3, 3, 3),
    ("ALT", 704, 3, 3, 3),
    ("ALT", 704.1, 4, 4, 4),
    ("BILI", 52.8, 1, 1, 1),
    ("BILI", 52.9, 2, 2, 2),
    ("BILI", 352.1, 4, 4, 4),
    ("ALP", 88, 1, 1, 1),
    ("GGT", 88.1, 2, 2, 2),
    ("CREA", 35.3, 1, 1, 1),
    ("CREA", 211.3, 4, 4, 4),
    ("PLT", 150, 0, 0, 0),
    ("PLT", 149, 1, 1, 1),
    ("PLT", 75, 1, 1, 1),
    ("PLT", 50, 2, 2, 2),
    ("PLT", 24.9, 4, 4, 4),
]


def test_a_value_equal_to_a_limit_stays_below_it(warehouse: Warehouse) -> None:
    results = []
    for number, (analyte, value, *_) in enumerate(AT_THE_LIMITS):
        limits = {"lln": 150.0} if analyte == "PLT" else {"uln": 35.2}
        normal = 200 if analyte == "PLT" else 35.2
        results.append(result(f"P{number}", analyte, normal, day=-1, **limits, result_id=f"baseline {number}"))
        results.append(result(f"P{number}", analyte, value, **limits, result_id=f"{number}"))
    derive(warehouse, results)
    for place, criteria in enumerate(ALL):
        found = grades(warehouse, criteria)
        expected = {str(number): case[2 + place] for number, case in enumerate(AT_THE_LIMITS)}
        assert {name: found[name] for name in expected} == expected


ABOVE_ULN = [
    # analyte, value after a baseline of 100 above an ULN of 40, grade by v5
    ("AST", 149, 0),
    ("AST", 150, 1),
    ("AST", 300, 1),
    ("AST", 301, 2),
    ("ALT", 501, 3),
    ("ALT", 2001, 4),
    ("BILI", 100, 0),
    ("BILI", 101, 1),
    ("BILI", 151, 2),
    ("ALP", 199, 0),
    ("ALP", 200, 1),
    ("ALP", 251, 2),
    ("GGT", 200, 0),
    ("GGT", 201, 1),
]


def test_v5_takes_multiples_of_a_baseline_above_the_uln(warehouse: Warehouse) -> None:
    results = []
    for number, (analyte, value, _) in enumerate(ABOVE_ULN):
        results.append(result(f"P{number}", analyte, 90, day=-9, uln=40, result_id=f"earlier {number}"))
        results.append(result(f"P{number}", analyte, 100, day=-1, uln=40, result_id=f"baseline {number}"))
        results.append(result(f"P{number}", analyte, value, uln=40, result_id=f"{number}"))
    derive(warehouse, results)
    v4, v5 = grades(warehouse, "ctcae_v4"), grades(warehouse, "ctcae_v5")
    expected = {str(number): grade for number, (*_, grade) in enumerate(ABOVE_ULN)}
    assert {name: v5[name] for name in expected} == expected
    by_uln = [name for name in v5 if name not in expected]
    assert {name: v5[name] for name in by_uln} == {name: v4[name] for name in by_uln}
    assert all(v5[name] > 0 for name in by_uln)


def test_above_uln_is_judged_with_the_limits_at_baseline(warehouse: Warehouse) -> None:
    derive(
        warehouse,
        [
            result("P1", "AST", 45, day=0, uln=50, result_id="normal then"),
            result("P1", "AST", 60, uln=40, result_id="after a normal baseline"),
            result("P2", "AST", 45, day=0, uln=40, result_id="above then"),
            result("P2", "AST", 60, uln=50, result_id="after a baseline above"),
            result("P4", "AST", 60, uln=50, result_id="no baseline"),
        ],
    )
    asked = ("after a normal baseline", "after a baseline above", "no baseline")
    v4, v5 = grades(warehouse, "ctcae_v4"), grades(warehouse, "ctcae_v5")
    assert [v4[name] for name in asked] == [1, 1, 1]
    assert [v5[name] for name in asked] == [1, 0, 1]


CREATININE: dict[str, tuple[list[Row], tuple[Any, Any, Any]]] = {
    # patient: results, the last of which is graded by v3, v4, v5
    "above baseline": ([result("above baseline", "CREA", 60, 0, uln=104)], (0, 1, 0)),
    "equal to baseline": ([result("equal to baseline", "CREA", 90, 0, uln=104)], (0, 0, 0)),
    "over 1.5 x baseline": ([result("over 1.5 x baseline", "CREA", 59, 0, uln=104)], (0, 2, 2)),
    "over 3 x baseline": ([result("over 3 x baseline", "CREA", 29, 0, uln=104)], (0, 3, 3)),
    "no baseline": ([], (0, None, None)),
}


def test_creatinine_is_held_against_uln_and_baseline(warehouse: Warehouse) -> None:
    results = []
    for patient, (before, expected) in CREATININE.items():
        value = 88.5 if patient == "over 1.5 x baseline" else 90
        results += [*before, result(patient, "CREA", value + (expected[2] == 2), uln=104, result_id=patient)]
    results.append(result("before", "CREA", 90, -3, uln=104, result_id="before the baseline"))
    results.append(result("before", "CREA", 60, -1, uln=104, result_id="the baseline"))
    derive(warehouse, results)
    for place, criteria in enumerate(ALL):
        found = grades(warehouse, criteria)
        assert {name: found[name] for name in CREATININE} == {name: c[1][place] for name, c in CREATININE.items()}
        assert (found["before the baseline"], found["the baseline"]) == (0, 0)


def test_a_row_names_its_baseline_and_its_rules(warehouse: Warehouse) -> None:
    derive(
        warehouse,
        [
            result("P1", "AST", 20, 0, uln=35, hour=8, result_id="R1"),
            result("P1", "AST", 30, 0, uln=35, hour=9, result_id="R2"),
            result("P1", "AST", 400, uln=35, result_id="R3"),
        ],
    )
    [row] = rows(
        warehouse,
        "SELECT patient_id, analyte, value, unit, uln, baseline_value, grade, grade_at_least, rule_version "
        "FROM derived.toxicity_grade WHERE result_id = 'R3' AND criteria = 'ctcae_v3'",
    )
    assert row[:8] == ("P1", "AST", 400, "U/L", 35, 30, 3, 3)
    assert "CTCAE v3.0" in row[8]
    editions = rows(warehouse, "SELECT criteria FROM reference.toxicity_criteria")
    assert len(rows(warehouse, "SELECT 1 FROM derived.toxicity_grade")) == 3 * len(editions)
