"""Pathology reports: 26 grade 1, 22 grade 2, 1 grade 3, 3 without a grade; Ki-67 in 40 (mean 5.7)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from include.study.sample.cohort import Patient, cohort
from include.study.sample.draws import shuffled, stream
from include.study.sample.rows import Row, number

KI67_G1 = (0, 0.5, *(1,) * 8, 1.5, *(2,) * 10)
KI67_G2 = (3, 3, 3, 3, 4, 4, 5, 5, 5, 8, 10, 10, 12, 15, 18, 20, 20, 20)
KI67_G3 = (30,)
GRADED_WITHOUT_KI67 = {"G1": 5, "G2": 4, "G3": 0}
MORPHOLOGY = {"G1": "8240/3", "G2": "8249/3", "G3": "8246/3", "": "8246/3"}
MITOSES = {"G1": (0, 1), "G2": (0, 12), "G3": (21, 28)}
SECOND_SPECIMENS = 12
"""Patients with a second report, of the liver, that never says more than the first."""


class Finding(NamedTuple):
    """What a pathologist found; no Ki-67 means that only the grade was reported."""

    grade: str
    ki67: float | None


def findings() -> list[Finding]:
    """One finding a patient, the indices of a grade dealt to the patients who have it."""
    measured = {"G1": KI67_G1, "G2": KI67_G2, "G3": KI67_G3}
    found: dict[str, Iterator[float | None]] = {"": iter((None,) * 3)}
    for grade, values in measured.items():
        found[grade] = iter(shuffled([*values, *(None,) * GRADED_WITHOUT_KI67[grade]], "ki67", grade))
    return [Finding(patient.grade, next(found[patient.grade])) for patient in cohort()]


def reports() -> Iterator[Row]:
    """The diagnosis of each patient, and for some a later biopsy of the liver."""
    for i, (patient, finding) in enumerate(zip(cohort(), findings(), strict=True)):
        specimen = "liver" if patient.resected == "no" or patient.site == "C80.9" else "primary"
        wait = (patient.course.first_session - patient.diagnosis).days
        yield report(patient, 1, min(12, wait - 5), specimen, finding)
        if i % 4 == 1 and i // 4 < SECOND_SPECIMENS and wait > 60:
            index = None if finding.ki67 is None else min(finding.ki67, 2)
            yield report(patient, 2, wait - 20, "liver", Finding("G1" if finding.grade else "", index))


def report(patient: Patient, n: int, after: int, specimen: str, finding: Finding) -> Row:
    """One report, so many days after the diagnosis."""
    course = patient.course
    mitoses = ""
    if finding.ki67 is not None:
        mitoses = str(stream("mitoses", course.patient_id, n).randint(*MITOSES[finding.grade]))
    return {
        "report_id": f"R-{course.number}-{n}",
        "patient_id": course.patient_id,
        "reported_on": (patient.diagnosis + timedelta(days=after)).isoformat(),
        "specimen": specimen,
        "primary_site": patient.site,
        "morphology": MORPHOLOGY[finding.grade],
        "differentiation": "well",
        "ki67_percent": "" if finding.ki67 is None else number(finding.ki67, 1),
        "mitoses_per_2mm2": mitoses,
        "reported_grade": finding.grade,
        "status": "final",
    }
