"""Builds patients for the tests of tumour response.

A case is a patient's exams as lists of lesions: the first exam is the baseline, ten days before the first
procedure, and the others follow every 60 days after it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill
from tests.support.making import make

FIRST = date(2020, 1, 10)
Case = Sequence[Sequence[Row]]


def target(name: str, size: float | None, **cells: object) -> Row:
    """A target lesion with this size in mm by both diameters."""
    diameters = {"longest_diameter_mm": size, "viable_diameter_mm": size}
    return {"lesion_id": name, "lesion_kind": "target", "assessment": "present", **diameters, **cells}


def sizes(*sums: float | None) -> Case:
    """A single target of these sizes, exam by exam."""
    return [[target("T1", size)] for size in sums]


def other(name: str, assessment: str | None = "present", kind: str = "non_target") -> Row:
    """A lesion that nobody measured."""
    return {"lesion_id": name, "lesion_kind": kind, "assessment": assessment}


def session(patient: str, day: date = FIRST, **cells: object) -> Row:
    """A session of treatment."""
    treated = {"patient_id": patient, "performed_on": day}
    return {**treated, "technique": "ctace", "territory": "whole_liver", **cells}


def exam(patient: str, day: date, name: str | None = None) -> Row:
    """An exam; its id is the patient's and the day's unless given."""
    return {"patient_id": patient, "exam_id": name or f"{patient} {day}", "exam_date": day, "modality": "CT"}


def derive_cases(warehouse: Warehouse, cases: Mapping[str, Case]) -> None:
    """Fill and derive one patient a case, each treated once."""
    exams, lesions = [], []
    for patient, case in cases.items():
        for number, found in enumerate(case):
            read = exam(patient, FIRST + timedelta(days=60 * number if number else -10))
            exams.append(read)
            lesions += [{"patient_id": patient, "exam_id": read["exam_id"], **row} for row in found]
    fill(warehouse, exams=exams, lesions=lesions, procedures=[session(patient) for patient in cases])
    make(warehouse, "derived.timepoint_response")


def judged(warehouse: Warehouse, criteria: str = "mrecist", column: str = "response") -> dict[str, list[object]]:
    """A column of derived.timepoint_response for each patient, exam by exam, registry's reader."""
    found: dict[str, list[object]] = {}
    every = "SELECT * FROM derived.timepoint_response WHERE reader = 'registry' ORDER BY exam_date, exam_id"
    for row in warehouse.run_verbatim(every).mappings():
        if row["criteria"] == criteria:
            found.setdefault(row["patient_id"], []).append(row[column])
    return found
