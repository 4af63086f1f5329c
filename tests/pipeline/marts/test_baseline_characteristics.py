"""Table 1: numbers, categories, what they are counted over, and rows of nobody."""

from datetime import date, datetime

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)
SCORES = {"child_pugh", "meld", "meld_na", "meld_3_0"}
OF_IMAGING = {"sstr", "krenning_score", "uptake_above_liver"}
ITEMS = {"necrosis", "stage", "distant_metastases", "hormone_syndrome", *OF_IMAGING, *SCORES}


def session(patient: str) -> Row:
    return {"patient_id": patient, "performed_on": FIRST, "technique": "ctace", "territory": "whole_liver"}


def filled(warehouse: Warehouse) -> dict[tuple[str, str], tuple[object, ...]]:
    """Two women and a man with procedures, one man without; Ki-67 of two, grade of all three."""
    sexes = {"a": "female", "b": "female", "c": "male", "untreated": "male"}
    reports: dict[str, Row] = {
        "a": {"ki67_percent": 1},
        "b": {"ki67_percent": 11},
        "c": {"reported_grade": "G1"},
    }
    fill(
        warehouse,
        patients=[{"patient_id": p, "sex": sex} for p, sex in sexes.items()],
        procedures=[session(p) for p in "abc"],
        reports=[
            {"patient_id": p, "reported_on": date(2019, 1, 1), "primary_site": "C17.2", **cells}
            for p, cells in reports.items()
        ],
        treatments=[{"patient_id": "a", "kind": "prrt", "started_on": date(2019, 1, 1)}],
    )
    make(warehouse, "marts.baseline_characteristics")
    found = rows(
        warehouse,
        "SELECT characteristic, category, n, denominator, percent, mean, sd, median, min, max, unit "
        "FROM marts.baseline_characteristics",
    )
    return {row[:2]: row[2:] for row in found}


def test_table_1_of_three_treated_patients(warehouse: Warehouse) -> None:
    found = filled(warehouse)
    nothing = (None,) * 6
    assert found["patients", "all"] == (3, 3, 100, *nothing)
    assert found["sex", "female"] == (2, 3, pytest.approx(200 / 3), *nothing)
    assert found["ki67", "all"] == (2, 3, None, 6, pytest.approx(50**0.5), 6, 1, 11, "%")
    assert found["grade", "G1"] == (2, 3, pytest.approx(200 / 3), *nothing)
    assert found["grade", "NEC"] == (0, 3, 0, *nothing)
    assert found["previous_treatment", "prrt"][:2] == (1, 3)
    assert found["bmi", "<=20"] == (0, 0, None, *nothing)
    assert found["bmi", "all"] == (0, 3, None, None, None, None, None, None, "kg/m2")
    assert len(found) == rows(warehouse, "SELECT COUNT(*) FROM reference.characteristic")[0][0]


def test_the_items_of_neuroendocrine_centres(warehouse: Warehouse) -> None:
    taken = {"patient_id": "a", "collected_at": datetime(2019, 12, 20), "unit": "mg/dL"}
    mild = {"INR": ("6301-6", "1", "1.0"), "BILI": ("1975-2", "mg/dL", "2.5"), "CREA": ("2160-0", "mg/dL", "1.2")}
    pet = {"exam_date": FIRST, "modality": "PT", "krenning_score": 3}
    fill(
        warehouse,
        patients=[
            {"patient_id": "a", "liver_metastases_timing": "synchronous", "hormone_syndrome": "gastrinoma"},
            {"patient_id": "b", "sex": "male"},
        ],
        procedures=[session(p) for p in "ab"],
        reports=[{"patient_id": "a", "reported_on": date(2019, 1, 1), "primary_site": "C25.9", "necrosis": "yes"}],
        exams=[
            {"patient_id": "a", **pet},
            {"patient_id": "a", "exam_date": FIRST, "modality": "CT", "extrahepatic_disease": "no"},
        ],
        results=[{**taken, "test_code": code, "unit": unit, "value": value} for code, unit, value in mild.values()],
    )
    make(warehouse, "marts.baseline_characteristics")
    select = "SELECT characteristic, category, n, denominator, mean FROM marts.baseline_characteristics"
    found = {row for row in rows(warehouse, select) if row[2] and row[0] in ITEMS}
    assert found == {
        ("necrosis", "yes", 1, 1, None),
        ("stage", "IV", 1, 1, None),
        ("distant_metastases", "M1a", 1, 1, None),
        ("hormone_syndrome", "gastrinoma", 1, 1, None),
        ("sstr", "positive", 1, 1, None),
        ("krenning_score", "3", 1, 1, None),
        ("uptake_above_liver", "yes", 1, 1, None),
        ("meld", "all", 1, 2, 12),
    }


def test_every_class_has_a_row(warehouse: Warehouse) -> None:
    named = {"bmi": "bmi", "liver_burden": "liver_burden", "creatinine_clearance": "clearance_mdrd"}
    listed = set(rows(warehouse, "SELECT characteristic, category FROM reference.characteristic"))
    limits = rows(warehouse, "SELECT characteristic, category FROM reference.class_limit")
    assert {(named[classed], category) for classed, category in limits if classed in named} <= listed
