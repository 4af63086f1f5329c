"""Lesions: their sizes at baseline, and the rows that an exam writes about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from include.study.sample.cohort import Patient
from include.study.sample.draws import stream
from include.study.sample.people import people
from include.study.sample.rows import Row, number


@dataclass(frozen=True)
class Lesions:
    """The lesions of one patient at baseline; diameters in mm."""

    targets: tuple[float, ...]
    non_targets: int


def baseline_lesions(patients: Sequence[Patient]) -> list[Lesions]:
    """The lesions of each patient."""
    return [
        lesions_of(patient, person.target_1_mm, person.target_2_mm)
        for patient, person in zip(patients, people(), strict=True)
    ]


def lesions_of(patient: Patient, first: float, second: float | None) -> Lesions:
    """The lesions of one patient; a third target only where no complete response is to come."""
    rng = stream("lesions", patient.course.patient_id)
    targets: tuple[float, ...] = (first,) if second is None else (first, second)
    if second and second > 12 and patient.course.first_response != "CR" and rng.random() < 0.4:
        targets = (first, second, round(min(first, second) * 0.7))
    return Lesions(targets, rng.randint(0, 2) if second is None else rng.randint(1, 3))


def lesion_rows(patient: Patient, found: Lesions, exam: str, ratio: float, new: bool) -> Iterator[Row]:
    """What one exam says of each lesion; the whole lesion shrinks less than its viable part."""
    kept = ratio if ratio > 1 else 1 - 0.45 * (1 - ratio)
    for n, size in enumerate(found.targets, 1):
        yield {
            **measurement(patient, exam, f"T{n}", "target"),
            "longest_diameter_mm": number(size * kept, 1),
            "viable_diameter_mm": number(size * ratio, 1),
            "assessment": "present",
        }
    for n in range(1, found.non_targets + 1):
        row = measurement(patient, exam, f"N{n}", "non_target")
        yield {**row, "assessment": "absent" if ratio == 0 else "present"}
    if new:
        size = stream("new lesion", exam).randint(9, 18)
        row = measurement(patient, exam, "X1", "new")
        yield {
            **row,
            "longest_diameter_mm": str(size),
            "viable_diameter_mm": str(size),
            "assessment": "present",
        }


def measurement(patient: Patient, exam: str, lesion: str, kind: str) -> Row:
    """The cells that every measurement has."""
    return {
        "measurement_id": f"M{exam.removeprefix('E')}-{lesion}",
        "patient_id": patient.course.patient_id,
        "exam_id": exam,
        "reader": "",
        "lesion_id": lesion,
        "lesion_kind": kind,
        "lymph_node": "",
        "longest_diameter_mm": "",
        "viable_diameter_mm": "",
        "status": "final",
    }
