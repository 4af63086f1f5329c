"""Exams every two to three months and the diameters of the lesions that they measure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from include.study.sample.cohort import Patient, cohort
from include.study.sample.draws import stream
from include.study.sample.lesions import baseline_lesions, lesion_rows
from include.study.sample.measuring import BURDEN_SCATTER, measured
from include.study.sample.plan import Course
from include.study.sample.rows import Row, day

EXAM_EVERY_DAYS = 85
MISSED_EXAMS = {"SYN-017": (400, 700), "SYN-028": (100, 330)}
"""Patients who missed the exams between two days."""


@dataclass(frozen=True)
class Picture:
    """What one exam shows: viable size relative to baseline, and whether a new lesion is there."""

    key: str
    day: int
    ratio: float
    new_lesion: bool


def exam_days(course: Course) -> list[int]:
    """The days of the exams after the first session."""
    if not course.response_days:
        return []
    rng = stream("exam days", course.patient_id)
    known = {*course.response_days, *course.progression_days}
    if course.extrahepatic_day:
        known.add(course.extrahepatic_day)
    if course.last_exam_day:
        known.add(course.last_exam_day)
    fixed = sorted(known)
    days = list(fixed)
    for start, end in pairwise(fixed):
        pieces = max(1, round((end - start) / EXAM_EVERY_DAYS))
        days += [start + (end - start) * k // pieces + rng.randint(-6, 6) for k in range(1, pieces)]
    missed = MISSED_EXAMS.get(course.patient_id, (0, 0))
    return sorted(d for d in days if d in known or not (in_cycle(course, d) or missed[0] < d < missed[1]))


def in_cycle(course: Course, on: int) -> bool:
    """Whether a routine exam would fall into a running cycle or too soon after it."""
    return any(cycle[0] - 20 <= on <= cycle[-1] + 47 for cycle in course.cycles)


def pictures(patient: Patient) -> list[Picture]:
    """The baseline exam and every later one, with the size that the patient's course asks for."""
    course = patient.course
    rng, scatter = stream("ratios", course.patient_id), stream("scatter", course.patient_id)
    shots = [Picture(f"E-{course.number}-00", -rng.randint(7, 28), 1.0, False)]
    level = first_level(course, rng.random())
    nadir, ratio, new, progressed = 1.0, level, False, 0
    may_appear = len(course.cycles) == 1 and rng.random() < 0.35
    days = exam_days(course)
    for n, on in enumerate(days, 1):
        if on in course.progression_days:
            new = new or may_appear
            progressed += 1
            ratio = nadir * 1.05 if new and nadir > 0 else max(nadir * 1.32, ratio * 1.1, 0.2)
        elif progressed and on in course.response_days:
            ratio = nadir * 1.04 if course.first_response == "PR" else 0.12
        elif progressed:
            ratio *= 1.06 if ratio < 2 else 1.0
            if retreated(course, on) and course.first_response == "PR":
                ratio = min(ratio, nadir * 1.12)
        elif n > 1:
            ratio = level * (0.97 if n == 2 else 0.97 + 0.02 * rng.random())
        if on == days[-1] and course.final_response:
            ratio = last_ratio(course, ratio, nadir)
        shots.append(Picture(f"E-{course.number}-{n:02d}", on, measured(ratio, nadir, scatter), new))
        nadir = min(nadir, ratio)
    return shots


def first_level(course: Course, draw: float) -> float:
    """Viable size after the first cycle, relative to baseline; `draw` in [0, 1)."""
    if course.final_response == "SD" and course.first_response == "PR":
        return 0.655 + 0.025 * draw
    spans = {"CR": (0.0, 0.0), "PR": (0.3, 0.62), "SD": (0.8, 0.95), "PD": (1.28, 1.45)}
    low, high = spans[course.first_response or "SD"]
    return low + (high - low) * draw


def retreated(course: Course, on: int) -> bool:
    """Whether a cycle was given between the last progression before a day and that day."""
    last = max((p for p in course.progression_days if p < on), default=on)
    return any(last < cycle[0] < on for cycle in course.cycles)


def last_ratio(course: Course, ratio: float, nadir: float) -> float:
    """Size at the last exam, kept inside the class that the course ends in."""
    if course.final_response == "SD":
        return 0.735 if course.first_response == "PR" else min(nadir * 1.08, 0.99)
    if course.final_response == "PD":
        return ratio
    return min(ratio, nadir * 1.1)


def exams_and_lesions() -> tuple[list[Row], list[Row]]:
    """All exams, and all measurements of lesions."""
    exams: list[Row] = []
    lesions: list[Row] = []
    for patient, found in zip(cohort(), baseline_lesions(cohort()), strict=True):
        shots = pictures(patient)
        exams += exam_rows(patient, shots)
        for shot in shots:
            lesions += lesion_rows(patient, found, shot.key, shot.ratio, shot.new_lesion)
    return exams, lesions


def exam_rows(patient: Patient, shots: list[Picture]) -> Iterator[Row]:
    """The exams of one patient, always in the modality of the first."""
    course = patient.course
    modality = stream("modality", course.patient_id).choice(("CT", "CT", "MR"))
    spread = course.extrahepatic_day or 10**6
    for shot in shots:
        share = patient.burden_percent * (1 if shot.day < 0 else later_share(shot))
        yield {
            "exam_id": shot.key,
            "patient_id": course.patient_id,
            "exam_date": day(course.first_session, shot.day),
            "modality": modality,
            "contrast_phases": "unenhanced+arterial+portal",
            "liver_tumour_burden_percent": str(min(90, round(share))),
            "extrahepatic_disease": "yes" if patient.extrahepatic == "yes" or shot.day >= spread else "no",
            "extrahepatic_progression": "yes" if shot.day >= spread else "no",
            "status": "final",
        }


def later_share(shot: Picture) -> float:
    """Liver burden at a later exam, relative to baseline, as a reader estimates it."""
    error = stream("burden", shot.key).uniform(-BURDEN_SCATTER, BURDEN_SCATTER)
    return (0.5 + 0.5 * min(shot.ratio, 1.4)) * (1 + error)
