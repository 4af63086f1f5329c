"""Ki-67 by specimen and the WHO grade before and after the first procedure, counted."""

from datetime import date

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)
BEFORE, AFTER = date(2019, 12, 1), date(2021, 5, 1)


def report(patient: str, day: date, ki67: object, specimen: str | None = "liver") -> Row:
    cells = {"primary_site": "C17.2", "differentiation": "well", "ki67_percent": ki67, "specimen": specimen}
    return {"patient_id": patient, "reported_on": day, **cells}


REPORTS = [
    report("risen", BEFORE, 1, "primary"),
    report("risen", BEFORE, 2),
    report("risen", AFTER, 10),
    report("same", BEFORE, 5),
    {**report("same", AFTER, 2), "ki67_percent_comparator": "<="},
    report("same", AFTER, 6),
    report("fallen", BEFORE, 8, None),
    report("fallen", AFTER, 1),
    report("once", BEFORE, 30),
    report("untold", BEFORE, 4),
    report("untold", AFTER, None),
    report("untreated", BEFORE, 99),
]


def test_grades_before_and_after_are_a_shift(warehouse: Warehouse) -> None:
    _make(warehouse, "marts.grade_change")
    found = rows(
        warehouse,
        "SELECT grade_before, grade_after, has_progressed, patients, denominator, percent FROM marts.grade_change "
        "ORDER BY sort_order",
    )
    third = 100 / 3
    assert [tuple(row) for row in found] == [
        ("G1", "G2", True, 1, 3, third),
        ("G2", "G1", False, 1, 3, third),
        ("G2", "G2", False, 1, 3, third),
    ]


def test_ki67_is_told_by_specimen(warehouse: Warehouse) -> None:
    _make(warehouse, "marts.ki67_specimen")
    found = rows(
        warehouse,
        "SELECT specimen, moment, patients, reports, median, min, max FROM marts.ki67_specimen "
        "ORDER BY specimen NULLS FIRST, moment DESC",
    )
    assert [tuple(row) for row in found] == [
        (None, "before", 1, 1, 8, 8, 8),
        ("liver", "before", 4, 4, 4.5, 2, 30),
        ("liver", "after", 3, 4, 4, 1, 10),
        ("primary", "before", 1, 1, 1, 1, 1),
    ]


def _make(warehouse: Warehouse, mart: str) -> None:
    treated = sorted({str(row["patient_id"]) for row in REPORTS} - {"untreated"})
    session = {"performed_on": FIRST, "technique": "ctace", "territory": "whole_liver"}
    fill(warehouse, reports=REPORTS, procedures=[{"patient_id": patient, **session} for patient in treated])
    make(warehouse, mart)
