"""The estimated creatinine clearance is graded where an edition grades it."""

from include.marts import refresh_stale
from include.warehouse import Warehouse
from tests.derived.laboratory_cases import derive, result
from tests.support.clinical import rows

AS_CREATININE = (
    "UPDATE reference.egfr_formula SET scale = 1, umol_l_per_mg_dl = 1, pivot_mg_dl = 1, exponent_below = 1, "
    "exponent_above = 1, age_exponent = 0, age_base = 1"
)
"""Coefficients by which the clearance is the number of the creatinine."""
CLEARANCE = {50: (0, 0), 49: (2, 2), 26: (2, 2), 25: (3, 3), 10: (3, 3), 9: (None, 3)}


def test_clearance_at_its_limits(warehouse: Warehouse) -> None:
    warehouse.run(AS_CREATININE)
    derive(warehouse, [result(str(value), "CREA", value, uln=104) for value in CLEARANCE])
    select = (
        "SELECT patient_id, grade, grade_at_least FROM derived.kidney_grade "
        "WHERE criteria = 'ctcae_v6' AND formula = 'mdrd'"
    )
    assert {int(value): found for value, *found in rows(warehouse, select)} == {
        value: list(expected) for value, expected in CLEARANCE.items()
    }
    refresh_stale(warehouse)
    counted = rows(
        warehouse,
        "SELECT grade, patients, denominator, at_least_patients, at_least_denominator FROM marts.toxicity "
        "WHERE analyte = 'clearance_mdrd' ORDER BY grade",
    )
    assert counted == [(0, 1, 5, 6, 6), (1, 0, 5, 5, 6), (2, 2, 5, 5, 6), (3, 2, 5, 3, 6), (4, 0, 5, 0, 6)]
