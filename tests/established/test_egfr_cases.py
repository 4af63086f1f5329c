"""Creatinine clearance against the cases of an established program (`labs/egfr_cases.csv`)."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)
REFERENCE_UMOL_L_PER_MG_DL = 88.42
"""The registry converts with 88.4, as the formulas print it; creatinine in mg/dL leaves that aside."""
TOLERANCE = 2e-5
"""Relative: the reference has four decimals, and ages in tenths of a year become whole days."""


def patient(case: dict[str, str]) -> Row:
    born = FIRST - timedelta(days=round(float(case["age"]) * 365.25))
    return {
        "patient_id": case["case_id"],
        "birth_date": born,
        "sex": {"M": "male", "F": "female"}[case["sex"]],
    }


def test_clearance_as_the_reference_has_it(warehouse: Warehouse, shared: Path) -> None:
    file = shared / "reference" / "labs" / "egfr_cases.csv"
    cases = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    creatinine = {"test_code": "2160-0", "unit": "mg/dL", "collected_at": datetime(2020, 1, 1, 6)}
    fill(
        warehouse,
        patients=[patient(case) for case in cases],
        procedures=[
            {
                "patient_id": c["case_id"],
                "performed_on": FIRST,
                "technique": "ctace",
                "territory": "whole_liver",
            }
            for c in cases
        ],
        results=[
            {
                "patient_id": c["case_id"],
                "value": float(c["creat_umol"]) / REFERENCE_UMOL_L_PER_MG_DL,
                **creatinine,
            }
            for c in cases
        ],
    )
    make(warehouse, "derived.baseline")
    found = rows(warehouse, "SELECT patient_id, clearance_mdrd, clearance_ckd_epi_2021 FROM derived.baseline")
    expected = {c["case_id"]: (float(c["mdrd175"]), float(c["ckdepi2021"])) for c in cases}
    assert len(found) == len(expected)
    for case_id, mdrd, ckd_epi in found:
        assert (mdrd, ckd_epi) == pytest.approx(expected[case_id], rel=TOLERANCE)
