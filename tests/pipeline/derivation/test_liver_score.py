"""Child-Pugh and MELD before and after each session."""

from datetime import date
from typing import Any

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import FIRST, derive, result, session
from tests.pipeline.derivation.test_laboratory_timepoint import NEIGHBOURS, began, taken
from tests.support.clinical import Row, rows

SCORE = "derived.liver_score"
MG_DL = {"BILI": ("1975-2", "mg/dL"), "CREA": ("2160-0", "mg/dL"), "ALB": ("1751-7", "g/dL")}
WHOLE = {"BILI": 0.5, "SODIUM": 140, "INR": 1.0, "CREA": 0.8, "ALB": 4.0}
MELD_CASES: dict[str, tuple[tuple[str, float, float, float, float, float], tuple[int, int, int]]] = {
    # sex, bilirubin mg/dL, sodium, INR, creatinine mg/dL, albumin g/dL; MELD, MELD-Na, MELD 3.0
    # Patients of Table 4 of Kim 2021, as meld.sas (CU-Anschutz-DOS-CORP/sas-macros) has them; computed by hand.
    "man": (("male", 2.5, 131, 1.0, 1.2, 3.8), (12, 18, 16)),
    "woman": (("female", 2.5, 131, 1.0, 1.2, 3.8), (12, 18, 17)),
    "little albumin": (("male", 12.0, 128, 2.2, 2.8, 2.0), (35, 36, 38)),
    "woman with little albumin": (("female", 12.0, 128, 2.2, 2.8, 2.0), (35, 36, 39)),
    # Bounds: sodium 125, INR 1.0, creatinine 4.0 and 3.0.
    "beyond the bounds": (("female", 12.0, 120, 0.9, 4.5, 3.5), (29, 33, 34)),
    # Worked example of onlycalculators.com: MELD 15, MELD 3.0 15.
    "printed example": (("male", 2.0, 138, 1.5, 1.2, 3.5), (15, 15, 15)),
    "sodium does not count up to 11": (("male", 0.5, 125, 1.0, 1.0, 4.0), (6, 6, 16)),
    "cap": (("male", 50, 140, 10, 5.0, 4.0), (40, 40, 40)),
}


def measured(patient: str, values: dict[str, Any], day: int = -1) -> list[Row]:
    """Results in the units in which the formula is printed."""
    coded = {name: dict(zip(("test_code", "unit"), code, strict=True)) for name, code in MG_DL.items()}
    return [result(patient, name, value, day, **coded.get(name, {})) for name, value in values.items()]


def found(warehouse: Warehouse, columns: str, where: str) -> list[tuple[Any, ...]]:
    return rows(warehouse, f"SELECT {columns} FROM derived.liver_score WHERE {where} ORDER BY {columns}")


def test_meld_of_published_patients(warehouse: Warehouse) -> None:
    names = ("BILI", "SODIUM", "INR", "CREA", "ALB")
    results = [
        row
        for patient, ((_, *values), _) in MELD_CASES.items()
        for row in measured(patient, dict(zip(names, values, strict=True)))
    ]
    patients = [{"patient_id": p, "sex": sex} for p, ((sex, *_), _) in MELD_CASES.items()]
    derive(warehouse, results, SCORE, patients=patients)
    scores = found(warehouse, "patient_id, score, points", "moment = 'before' AND score <> 'child_pugh'")
    assert scores == sorted(
        (patient, score, points)
        for patient, (_, expected) in MELD_CASES.items()
        for score, points in zip(("meld", "meld_na", "meld_3_0"), expected, strict=True)
    )


def test_what_is_missing_is_named(warehouse: Warehouse) -> None:
    derive(warehouse, measured("P1", {"BILI": 2.0, "INR": "<1.1", "CREA": 1.0, "ALB": 4.0}), SCORE)
    assert found(warehouse, "score, points, category, missing", "moment = 'before'") == [
        ("child_pugh", None, None, "ASCITES,ENCEPHALOPATHY,INR"),
        ("meld", None, None, "INR"),
        ("meld_3_0", None, None, "INR,SODIUM"),
        ("meld_na", None, None, "INR,SODIUM"),
    ]
    assert found(warehouse, "score", "moment = 'after' AND points IS NOT NULL") == []


def test_child_pugh_adds_the_points_of_five_findings(warehouse: Warehouse) -> None:
    cases: dict[str, tuple[tuple[float, float, str, float, str, int], tuple[int, str]]] = {
        # bilirubin umol/L, albumin g/L, INR or prothrombin %, ascites, encephalopathy; points and class
        "best": ((34.1, 36, "INR", 1.6, "none", 0), (5, "A")),
        "one worse": ((34.2, 36, "INR", 1.6, "none", 0), (6, "A")),
        "limits of two points": ((51, 35, "INR", 1.7, "mild", 1), (10, "C")),
        "still two points": ((34.2, 28, "INR", 2.3, "mild", 2), (10, "C")),
        "worst": ((51.4, 27, "INR", 2.4, "moderate_severe", 3), (15, "C")),
        "prothrombin": ((10, 40, "PT_PERCENT", 50, "mild", 0), (7, "B")),
        "little prothrombin": ((10, 40, "PT_PERCENT", 39, "mild", 0), (8, "B")),
    }
    results, visits = [], []
    for patient, ((bilirubin, albumin, clotting, value, ascites, grade), _) in cases.items():
        for name, measure in (("BILI", bilirubin), ("ALB", albumin), (clotting, value)):
            results.append(result(patient, name, measure, -1))
        visits.append(visit(patient, ascites=ascites, encephalopathy=grade))
    derive(warehouse, results, SCORE, visits=visits)
    scores = found(warehouse, "patient_id, points, category", "moment = 'before' AND score = 'child_pugh'")
    assert scores == sorted((patient, *expected) for patient, (_, expected) in cases.items())


def test_points_for_bilirubin_are_those_of_mg_dl(warehouse: Warehouse) -> None:
    points = {1.99: 5, 2.0: 6, 3.0: 6, 3.01: 7}
    results = []
    for value in points:
        results += measured(str(value), {"BILI": value, "ALB": 4.0, "INR": 1.0})
    visits = [visit(str(value), ascites="none", encephalopathy=0) for value in points]
    derive(warehouse, results, SCORE, visits=visits)
    scores = found(warehouse, "patient_id, points", "moment = 'before' AND score = 'child_pugh'")
    assert scores == [(str(value), expected) for value, expected in points.items()]


def visit(patient: str, on: date = FIRST, **cells: object) -> Row:
    return {"patient_id": patient, "visit_date": on, "vital_status": "alive", **cells}


def test_sessions_of_one_day_share_what_is_known_around_them(warehouse: Warehouse) -> None:
    days = {"left": 0, "right": 0, "next": 20}
    results = [*measured("P1", WHOLE, -2), *measured("P1", {**WHOLE, "INR": 3.0}, 5)]
    results += measured("P1", {**WHOLE, "INR": 9.0}, 21)
    sessions = [{**session("P1", day), "procedure_id": key} for key, day in days.items()]
    derive(warehouse, results, SCORE, procedures=sessions)
    assert found(warehouse, "procedure_id, moment, points", "score = 'meld'") == [
        ("left", "after", 19),
        ("left", "before", 6),
        ("next", "after", 31),
        ("next", "before", 19),
        ("right", "after", 19),
        ("right", "before", 6),
    ]


def test_a_session_takes_what_is_known_before_and_after_it(warehouse: Warehouse) -> None:
    results = [*measured("P1", WHOLE, -2), *measured("P1", {**WHOLE, "INR": 3.0}, 5)]
    results += measured("P1", {**WHOLE, "INR": 9.0}, 31)
    derive(warehouse, results, SCORE, "marts.liver_score", procedures=[{**session("P1"), "procedure_id": "only"}])
    assert found(warehouse, "moment, points", "score = 'meld'") == [("after", 19), ("before", 6)]
    assert rows(
        warehouse,
        "SELECT category, procedures, denominator, percent, procedures_unknown, median_points FROM marts.liver_score "
        "WHERE score = 'meld' AND moment = 'after' ORDER BY sort_order",
    ) == [
        ("<10", 0, 1, 0, 0, 19),
        ("10-19", 1, 1, 100, 0, 19),
        ("20-29", 0, 1, 0, 0, 19),
        ("30-39", 0, 1, 0, 0, 19),
        (">=40", 0, 1, 0, 0, 19),
    ]


def test_samples_around_a_session_are_ordered_by_their_instants(warehouse: Warehouse) -> None:
    """Of the samples of neighbouring days the last before the session counts, and the last after it."""
    samples = [
        result(name, "INR", 1 + place, day, **taken(wall, offset, day), result_id=f"{name} {place}")
        for name, (of, _, _) in NEIGHBOURS.items()
        for place, (day, wall, offset) in enumerate(of)
    ]
    sessions = [{**session(name), **began(*clock)} for name, (_, clock, _) in NEIGHBOURS.items()]
    derive(warehouse, samples, "derived.session_component", procedures=sessions)
    select = "SELECT source_id, moment, day FROM derived.session_component WHERE component = 'INR'"
    assert set(rows(warehouse, select)) == {
        (f"{name} {place}", "after" if place in after else "before", days[place])
        for name, (_, _, (baseline, after, days)) in NEIGHBOURS.items()
        for place in (baseline, *after)
        if days[place] <= 30
    }
