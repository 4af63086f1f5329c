"""From all patients to the analysed ones: only a criterion that excludes stops a patient."""

from datetime import date

from include.warehouse import Warehouse
from tests.support.clinical import fill, rows
from tests.support.making import make


def test_attrition(warehouse: Warehouse) -> None:
    session = {"technique": "ctace", "drug": "streptozocin", "territory": "whole_liver"}
    births = {"a": date(1950, 1, 1), "b": date(2010, 1, 1), "untreated": date(1950, 1, 1)}
    fill(
        warehouse,
        patients=[{"patient_id": p, "birth_date": born} for p, born in births.items()],
        procedures=[{"patient_id": p, "performed_on": date(2019, 1, 1), **session} for p in "ab"],
    )
    make(warehouse, "marts.attrition", "marts.baseline_characteristics")
    found = rows(
        warehouse,
        "SELECT criterion, patients_in, patients_out, patients_not_met, patients_unknown, patients_eligible "
        "FROM marts.attrition ORDER BY step",
    )
    by_criterion = {row[0]: row[1:] for row in found}
    assert found[0] == ("treated", 3, 2, 1, 0, 2)
    assert by_criterion["adult"] == (2, 2, 1, 0, 1)
    assert by_criterion["ast_below_3_uln"] == (2, 2, 0, 2, 1)
    analysed = rows(warehouse, "SELECT n FROM marts.baseline_characteristics WHERE characteristic = 'patients'")
    assert found[-1][2] == analysed[0][0]


def test_no_patient(warehouse: Warehouse) -> None:
    make(warehouse, "marts.attrition")
    assert set(rows(warehouse, "SELECT patients_in, patients_out, patients_eligible FROM marts.attrition")) == {
        (0, 0, 0)
    }
