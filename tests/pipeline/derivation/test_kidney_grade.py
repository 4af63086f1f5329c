"""The estimated creatinine clearance is graded where an edition grades it."""

from include.warehouse import Warehouse
from tests.pipeline.derivation.laboratory_cases import derive, result
from tests.support.clinical import rows

AS_CREATININE = (
    "UPDATE reference.egfr_formula SET scale = 1, umol_l_per_mg_dl = 1, pivot_mg_dl = 1, exponent_below = 1, "
    "exponent_above = 1, age_exponent = 0, age_base = 1"
)
"""Coefficients by which the clearance is the number of the creatinine."""
CLEARANCE = {50: (0, 0), 49: (2, 2), 26: (2, 2), 25: (3, 3), 10: (3, 3), 9: (None, 3)}


def test_clearance_at_its_limits(warehouse: Warehouse) -> None:
    warehouse.run(AS_CREATININE)
    results = [result(str(value), "CREA", value, uln=104) for value in CLEARANCE]
    derive(warehouse, results, "derived.kidney_grade", "marts.toxicity")
    select = (
        "SELECT patient_id, grade, grade_at_least FROM derived.kidney_grade "
        "WHERE criteria = 'ctcae_v6' AND formula = 'mdrd'"
    )
    assert {int(value): found for value, *found in rows(warehouse, select)} == {
        value: list(expected) for value, expected in CLEARANCE.items()
    }
    counted = rows(
        warehouse,
        "SELECT grade, patients, denominator, at_least_patients, at_least_denominator FROM marts.toxicity "
        "WHERE analyte = 'clearance_mdrd' ORDER BY grade",
    )
    assert counted == [(0, 1, 5, 6, 6), (1, 0, 5, 5, 6), (2, 2, 5, 5, 6), (3, 2, 5, 3, 6), (4, 0, 5, 0, 6)]


def test_worst_clearance_is_that_of_any_creatinine_after_the_baseline(warehouse: Warehouse) -> None:
    """Between the study's time points as well; a censored creatinine says nothing."""
    warehouse.run(AS_CREATININE)
    courses = {"P1": {-1: 50, 1: 60, 20: 49, 100: 25, 200: "<9"}, "P2": {-1: 25, 1: 26, 10: 9}, "P3": {20: 49}}
    results = [
        result(patient, "CREA", value, day, uln=104)
        for patient, course in courses.items()
        for day, value in course.items()
    ]
    derive(warehouse, results, "derived.toxicity_worst", "marts.toxicity_worst")
    select = (
        "SELECT patient_id, period, baseline_grade, worst_grade, worst_grade_at_least, term "
        "FROM derived.toxicity_worst "
        "WHERE criteria = 'ctcae_v6' AND analyte = 'clearance_mdrd'"
    )
    term = "Creatinine clearance decreased"
    assert {(patient, period): tuple(found) for patient, period, *found in rows(warehouse, select)} == {
        ("P1", "to_day_30"): (0, 2, 2, term),
        ("P1", "overall"): (0, 3, 3, term),
        ("P2", "to_day_30"): (3, 2, 3, term),
        ("P2", "overall"): (3, 2, 3, term),
        ("P3", "to_day_30"): (None, 2, 2, term),
        ("P3", "overall"): (None, 2, 2, term),
    }
    shift = (
        "SELECT baseline_grade, worst_grade, at_least, patients, denominator FROM marts.toxicity_worst "
        "WHERE analyte = 'clearance_mdrd' AND period = 'overall' ORDER BY worst_grade, at_least"
    )
    assert [tuple(row) for row in rows(warehouse, shift)] == [
        (None, 2, False, 1, 3),
        (0, 3, False, 1, 3),
        (3, 3, True, 1, 3),
    ]
