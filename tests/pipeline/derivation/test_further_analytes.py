"""Grades of blood counts, salts, glucose, albumin, INR and clearance: high and low values are terms of their own.

The answers are those of pharmaverse/admiral 1.5's own tests (test-derive_var_atoxgr.R) for v4, v5 and v6, its limits
moved to where a laboratory can have them, and counted by hand from the printed limits for v3 and for clearance.
"""

import pytest

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import derive, graded_sides, result
from tests.support.clinical import Row, rows

EDITIONS = ("ctcae_v3", "ctcae_v4", "ctcae_v5", "ctcae_v6")
LIMITS: dict[str, dict[str, float]] = {
    "ALB": {"lln": 40},
    "CRCL": {"lln": 90},
    "HGB": {"lln": 140, "uln": 165.1},
    "INR": {"uln": 1.1},
    "NEUT": {"lln": 2},
    "WBC": {"lln": 4},
    "SODIUM": {"lln": 139, "uln": 140},
    "POTASSIUM": {"lln": 4, "uln": 5.1},
    "GLUCOSE": {"lln": 4, "uln": 5.3},
    "GLUCOSE_FASTING": {"lln": 4, "uln": 5.3},
}
SAME = {
    # values of an analyte, and their grades by every edition
    ("ALB", "Hypoalbuminemia"): {19: 3, 20: 2, 29: 2, 30: 1, 39: 1, 40: 0},
    ("WBC", "White blood cell decreased"): {0.9: 4, 1: 3, 1.9: 3, 2: 2, 2.9: 2, 3: 1, 3.9: 1, 4: 0},
    ("SODIUM", "Hypernatremia"): {161: 4, 160: 3, 156: 3, 155: 2, 151: 2, 150: 1, 141: 1, 140: 0, 120: 0},
    ("SODIUM", "Hyponatremia"): {119: 4, 120: 3, 129: 3, 130: 1, 138: 1, 139: 0, 161: 0},
    ("POTASSIUM", "Hyperkalemia"): {7.1: 4, 7: 3, 6.1: 3, 6: 2, 5.6: 2, 5.5: 1, 5.2: 1, 5.1: 0, 2.4: 0},
    ("GLUCOSE", "Hypoglycemia"): {1.69: 4, 1.7: 3, 2.19: 3, 2.2: 2, 2.9: 2, 3: 1, 3.9: 1, 4: 0, 30: 0},
    ("GLUCOSE_FASTING", "Hypoglycemia"): {1.69: 4, 1.7: 3, 2.2: 2, 3: 1, 4: 0},
}
BY_EDITION = {
    # grade by v3, v4, v5, v6; an edition that lacks the term is left out
    ("HGB", "Anemia"): {
        64: "4333",
        65: "3333",
        79: "3333",
        80: "2222",
        99: "2222",
        100: "1111",
        139: "1111",
        140: "0000",
    },
    ("HGB", "Hemoglobin increased"): {
        165.1: "-000",
        165.2: "-111",
        185.1: "-111",
        185.2: "-222",
        205.1: "-222",
        205.2: "-333",
    },
    ("INR", "INR increased"): {1.1: "0000", 1.2: "1100", 1.21: "1111", 1.5: "1111", 1.51: "1122", 1.65: "1122"}
    | {1.66: "2222", 2.2: "2222", 2.21: "3222", 2.5: "3222", 2.51: "3233", 2.75: "3233", 2.76: "3333"},
    ("CRCL", "Creatinine clearance decreased"): {90: "0000", 89.9: "0110", 67.5: "0110", 67.4: "1110", 60: "1110"}
    | {59.9: "1220", 50: "1220", 49: "1222", 45: "1222", 44.9: "2222", 30: "2222", 29.9: "2332", 26: "2332", 25: "2333"}
    | {22.5: "2333", 22.4: "3333", 15: "3333", 14.9: "3443", 10: "3443"},
    ("NEUT", "Neutrophil count decreased"): {0.09: "4444", 0.1: "4443", 0.49: "4443", 0.5: "3332", 0.99: "3332"}
    | {1: "2221", 1.49: "2221", 1.5: "1110", 1.9: "1110", 2: "0000"},
    ("WBC", "Leukocytosis"): {100: "-000", 101: "-333"},
    ("SODIUM", "Hyponatremia"): {129.5: "3313"},
    ("POTASSIUM", "Hypokalemia"): {2.49: "4444", 2.5: "3333", 2.9: "3333", 3: "1222", 3.9: "1222", 4: "0000"},
    ("GLUCOSE_FASTING", "Hyperglycemia"): {27.9: "44-4", 27.8: "33-3", 14: "33-3", 13.9: "22-2", 9: "22-2"}
    | {8.9: "11-1", 5.4: "11-1", 5.3: "0000"},
}
"""Of a grade that rests on symptoms (potassium, sodium) the worse one, as admiral; sodium by v5 in whole numbers."""


def test_every_limit_of_either_side(warehouse: Warehouse) -> None:
    cases = {key: {value: str(grade) * 4 for value, grade in of.items()} for key, of in SAME.items()}
    for key, of in BY_EDITION.items():
        cases[key] = cases.get(key, {}) | of
    derive(warehouse, [row for (analyte, term), of in cases.items() for row in _after_normal(analyte, term, of)])
    for place, edition in enumerate(EDITIONS):
        found = graded_sides(warehouse, edition)
        expected = {
            (f"{term} {analyte} {value}", term): int(grade[place])
            for (analyte, term), of in cases.items()
            for value, grade in of.items()
            if grade[place] != "-"
        }
        assert {key: found[key] for key in expected} == {key: (grade, grade) for key, grade in expected.items()}


def _after_normal(analyte: str, term: str, of: dict[float, str]) -> list[Row]:
    """The values after a baseline that raises no grade: an INR that no value exceeds."""
    patient, before = f"{term} {analyte}", 3 if analyte == "INR" else LIMITS[analyte].get("lln")
    baseline = result(patient, analyte, before, -1, **LIMITS[analyte])
    return [baseline, *(result(patient, analyte, v, result_id=f"{patient} {v}", **LIMITS[analyte]) for v in of)]


HAEMOGLOBIN = {206.0: "333", 205.0: "233", 186.0: "222", 185.0: "122", 166.0: "111", 165.0: "011"}
"""After a baseline of 165 above an ULN of 160: by multiples of it in v4 alone."""


def test_haemoglobin_is_held_against_a_high_baseline_by_v4_alone(warehouse: Warehouse) -> None:
    baseline = result("P1", "HGB", 165, -1, uln=160)
    derive(warehouse, [baseline, *(result("P1", "HGB", v, uln=160, result_id=str(v)) for v in HAEMOGLOBIN)])
    for place, edition in enumerate(EDITIONS[1:]):
        found = graded_sides(warehouse, edition)
        expected = {str(value): int(grades[place]) for value, grades in HAEMOGLOBIN.items()}
        assert {name: found[name, "Hemoglobin increased"][0] for name in expected} == expected


BETWEEN: dict[str, tuple[Row, str, dict[str, tuple[int | None, int | None]]]] = {
    # least and greatest grade of a result, where what the laboratory does not know decides
    "inr above its baseline": (
        result("P1", "INR", 1.05, uln=1.1),
        "INR increased",
        {"ctcae_v3": (0, 0), "ctcae_v4": (0, 1), "ctcae_v5": (0, 1)},
    ),
    "inr twice its baseline": (
        result("P1", "INR", 1.7, uln=1.1),
        "INR increased",
        {"ctcae_v3": (2, 2), "ctcae_v4": (2, 2), "ctcae_v5": (2, 2)},
    ),
    "inr far above its baseline": (result("P1", "INR", 2.6, uln=1.1), "INR increased", {"ctcae_v4": (2, 3)}),
    "inr without baseline": (
        result("P2", "INR", 1, uln=1.1),
        "INR increased",
        {"ctcae_v3": (0, 0), "ctcae_v4": (0, 3)},
    ),
    "inr without limit": (result("P1", "INR", 0.8), "INR increased", {"ctcae_v4": (None, None), "ctcae_v5": (0, 0)}),
    "glucose, fasting or not": (
        result("P1", "GLUCOSE", 9, uln=5.3),
        "Hyperglycemia",
        {"ctcae_v3": (0, 2), "ctcae_v4": (0, 2), "ctcae_v5": (1, 4), "ctcae_v6": (0, 2)},
    ),
    "high glucose, fasting or not": (
        result("P1", "GLUCOSE", 27.9, uln=5.3),
        "Hyperglycemia",
        {"ctcae_v3": (0, 4), "ctcae_v4": (4, 4), "ctcae_v5": (1, 4), "ctcae_v6": (4, 4)},
    ),
    "glucose that was as high before": (result("P1", "GLUCOSE", 6, uln=5.3), "Hyperglycemia", {"ctcae_v5": (0, 4)}),
    "normal glucose": (result("P1", "GLUCOSE", 5.3, uln=5.3), "Hyperglycemia", dict.fromkeys(EDITIONS, (0, 0))),
    "glucose without limit": (result("P1", "GLUCOSE", 9), "Hyperglycemia", {"ctcae_v4": (None, None)}),
    "sodium below": (result("P1", "SODIUM", "<130", lln=135), "Hyponatremia", {"ctcae_v4": (3, 4), "ctcae_v6": (3, 4)}),
    "sodium above": (result("P1", "SODIUM", ">155", uln=145), "Hypernatremia", {"ctcae_v4": (3, 4)}),
    "sodium at most": (result("P1", "SODIUM", "<=145", uln=145), "Hypernatremia", {"ctcae_v4": (0, 0)}),
    "low potassium without limit": (result("P1", "POTASSIUM", 2.9), "Hypokalemia", {"ctcae_v4": (3, 3)}),
    "potassium without limit": (result("P1", "POTASSIUM", 3), "Hypokalemia", {"ctcae_v4": (None, None)}),
}


def test_what_rests_on_more_than_the_number_is_graded_as_far_as_it_is_certain(warehouse: Warehouse) -> None:
    before = [result("P1", "INR", 1, -1, uln=1.1), result("P1", "GLUCOSE", 6, -1, uln=5.3)]
    derive(warehouse, [*before, *({**row, "result_id": name} for name, (row, *_) in BETWEEN.items())])
    for edition in EDITIONS:
        found = graded_sides(warehouse, edition)
        expected = {(name, term): of[edition] for name, (_, term, of) in BETWEEN.items() if edition in of}
        assert {key: found[key] for key in expected} == expected


BOTH = {
    # value, limits: grade, least and greatest grade, term by v4
    "low": (result("P1", "SODIUM", 125, lln=135, uln=145), (3, 3, 3, "Hyponatremia")),
    "low, no upper limit": (result("P1", "SODIUM", 125, lln=135), (3, 3, 3, "Hyponatremia")),
    "high": (result("P1", "SODIUM", 151, lln=135, uln=145), (2, 2, 2, "Hypernatremia")),
    "normal": (result("P1", "SODIUM", 140, lln=135, uln=145), (0, 0, 0, None)),
    "perhaps normal": (result("P1", "SODIUM", 140, uln=145), (None, None, None, None)),
    "at least": (result("P1", "SODIUM", ">150", lln=135, uln=145), (None, 2, 4, "Hypernatremia")),
    "one side alone": (result("P1", "ALB", 25, lln=35), (2, 2, 2, "Hypoalbuminemia")),
}


def test_a_result_has_the_grade_of_the_side_on_which_it_lies(warehouse: Warehouse) -> None:
    haemoglobin = result("P1", "HGB", 139, lln=140, result_id="haemoglobin")
    derive(warehouse, [haemoglobin, *({**row, "result_id": name} for name, (row, _) in BOTH.items())])
    select = (
        "SELECT result_id, grade, grade_at_least, grade_at_most, term FROM derived.toxicity_grade WHERE criteria = "
    )
    found = {name: tuple(row) for name, *row in rows(warehouse, f"{select}'ctcae_v4'")}
    assert found == {name: expected for name, (_, expected) in BOTH.items()} | {"haemoglobin": (1, 1, 1, "Anemia")}
    [v3] = rows(warehouse, f"{select}'ctcae_v3' AND result_id = 'haemoglobin'")
    assert tuple(v3) == ("haemoglobin", 1, 1, 1, "Anemia")


UNITS: list[tuple[str, str, str, object, float | None, float | None, str, int]] = [
    # analyte, code, unit, value, LLN and ULN in it, the grade by v4 of a term
    ("ALB", "54347-0", "umol/L", 440, 526, None, "Hypoalbuminemia", 2),
    ("ALB", "1751-7", "g/dL", "3.0", 3.5, None, "Hypoalbuminemia", 1),
    ("HGB", "718-7", "g/dL", "10.0", 12, None, "Anemia", 1),
    ("HGB", "718-7", "g/dL", "9.9", 12, None, "Anemia", 2),
    ("HGB", "718-7", "g/dL", "18.6", None, 16.5, "Hemoglobin increased", 2),
    ("HGB", "59260-0", "mmol/L", "4.8", 7.4, None, "Anemia", 3),
    ("INR", "34714-6", "1", "1.9", None, 1.2, "INR increased", 2),
    ("NEUT", "26499-4", "10*3/uL", "0.9", 1.5, None, "Neutrophil count decreased", 3),
    ("NEUT", "26499-4", "/uL", 499, 1500, None, "Neutrophil count decreased", 4),
    ("NEUT", "753-4", "cells/mm3", 1000, 1500, None, "Neutrophil count decreased", 2),
    ("WBC", "26464-8", "K/uL", "2.9", 4, None, "White blood cell decreased", 2),
    ("WBC", "804-5", "G/L", "101", 4, None, "Leukocytosis", 3),
    ("SODIUM", "2947-0", "meq/L", 129, 135, None, "Hyponatremia", 3),
    ("POTASSIUM", "6298-4", "mEq/L", "6.1", None, 5.1, "Hyperkalemia", 3),
    ("GLUCOSE_FASTING", "1558-6", "mg/dL", 161, None, 100, "Hyperglycemia", 2),
    ("GLUCOSE_FASTING", "1558-6", "mg/dL", 160, None, 100, "Hyperglycemia", 1),
    ("GLUCOSE_FASTING", "1558-6", "g/L", "2.51", None, 1.1, "Hyperglycemia", 3),
    ("GLUCOSE", "2345-7", "mg/dL", 54, 70, None, "Hypoglycemia", 2),
]


def test_units_in_which_laboratories_report(warehouse: Warehouse) -> None:
    results = [
        result(f"P{n}", analyte, value, unit=unit, test_code=code, lln=lln, uln=uln, result_id=str(n))
        for n, (analyte, code, unit, value, lln, uln, *_) in enumerate(UNITS)
    ]
    derive(warehouse, results)
    found = graded_sides(warehouse, "ctcae_v4")
    assert [found[str(n), case[6]][0] for n, case in enumerate(UNITS)] == [case[7] for case in UNITS]


OTHER_UNIT: list[tuple[str, float, dict[str, float]]] = [
    ("ALB", 29, {"lln": 3.5}),
    ("HGB", 90, {"lln": 12, "uln": 16}),
    ("INR", 1.3, {"uln": 3}),
    ("NEUT", 1.2, {"lln": 1500}),
    ("WBC", 2.5, {"lln": 4000}),
    ("SODIUM", 125, {"lln": 13.5, "uln": 14.5}),
    ("POTASSIUM", 5.6, {"lln": 350, "uln": 510}),
    ("GLUCOSE_FASTING", 9.5, {"lln": 70, "uln": 100}),
]


@pytest.mark.parametrize("criteria", ["ctcae_v4"])
def test_a_limit_in_another_unit_sets_the_limit_aside_and_not_the_value(warehouse: Warehouse, criteria: str) -> None:
    """What the value alone tells is told, and nothing by the limit."""
    results = [result("P", analyte, value, result_id=analyte, **limits) for analyte, value, limits in OTHER_UNIT]
    derive(warehouse, results)
    select = f"SELECT analyte, value, uln, grade_at_least FROM derived.toxicity_grade WHERE criteria = '{criteria}'"
    least = {"ALB": 2, "HGB": 2, "INR": None, "NEUT": 2, "WBC": 2, "SODIUM": 3, "POTASSIUM": 2, "GLUCOSE_FASTING": 2}
    assert {analyte: tuple(row) for analyte, *row in rows(warehouse, select)} == {
        analyte: (value, None, least[analyte]) for analyte, value, _ in OTHER_UNIT
    }


SODIUM = {"P1": {-1: 140, 1: 129, 20: 151}, "P2": {-1: 134, 1: 119, 40: 146}, "P3": {1: 140}}


def test_worst_grades_and_counts_are_told_by_side(warehouse: Warehouse) -> None:
    limits = {"lln": 135.0, "uln": 145.0}
    results = [result(p, "SODIUM", v, day, **limits) for p, of in SODIUM.items() for day, v in of.items()]
    derive(warehouse, results, "marts.toxicity_worst", "marts.toxicity")
    select = (
        "SELECT patient_id, baseline_grade, worst_grade, term FROM derived.toxicity_worst "
        "WHERE criteria = 'ctcae_v4' AND analyte = 'SODIUM' AND period = 'overall'"
    )
    assert {patient: tuple(found) for patient, *found in rows(warehouse, select)} == {
        "P1": (0, 3, "Hyponatremia"),
        "P2": (1, 4, "Hyponatremia"),
        "P3": (None, 0, None),
    }
    shift = (
        "SELECT baseline_grade, worst_grade, patients, denominator FROM marts.toxicity_worst "
        "WHERE criteria = 'ctcae_v4' AND term = '{}' AND period = 'overall' ORDER BY worst_grade, baseline_grade"
    )
    assert [tuple(r) for r in rows(warehouse, shift.format("Hypernatremia"))] == [
        (None, 0, 1, 3),
        (0, 1, 1, 3),
        (0, 2, 1, 3),
    ]
    assert [tuple(r) for r in rows(warehouse, shift.format("Hyponatremia"))] == [
        (None, 0, 1, 3),
        (0, 3, 1, 3),
        (1, 4, 1, 3),
    ]
    counted = (
        "SELECT grade, patients, denominator FROM marts.toxicity "
        "WHERE criteria = 'ctcae_v4' AND term = '{}' AND timepoint = 'day_1' AND patients > 0 ORDER BY grade"
    )
    assert [tuple(r) for r in rows(warehouse, counted.format("Hyponatremia"))] == [(0, 1, 3), (3, 1, 3), (4, 1, 3)]
    assert [tuple(r) for r in rows(warehouse, counted.format("Hypernatremia"))] == [(0, 3, 3)]
