"""The clinic's feeds: who the patients are, their visits, and what else they were treated with."""

from collections.abc import Iterator
from datetime import timedelta

from include.study.sample.cohort import Patient, cohort
from include.study.sample.draws import deal, stream
from include.study.sample.imaging import exam_days
from include.study.sample.rows import Row, day, number

ECOG = {0: 27, 1: 20, 2: 5}
RESOLVED = 29
"""Patients of the 42 with symptoms who have none at the first visit after the first cycle."""
LIGHTER = 6
"""Patients whose symptoms are then lighter."""


def patients() -> Iterator[Row]:
    """One row a patient."""
    for patient in cohort():
        yield {
            "patient_id": patient.course.patient_id,
            "sex": patient.sex,
            "birth_date": patient.birth.isoformat(),
            "diagnosis_date": patient.diagnosis.isoformat(),
            "liver_metastases_date": patient.liver_metastases.isoformat() if patient.liver_metastases else "",
            "liver_metastases_timing": patient.timing,
            "discovery_mode": patient.discovery,
            "primary_resected": patient.resected,
            "status": "final",
        }


def visits() -> Iterator[Row]:
    """The visit before the first session, one after every exam, and the last contact."""
    outcomes = symptom_outcomes()
    ecogs = deal(ECOG, "ecog")
    for i, patient in enumerate(cohort()):
        course, rng = patient.course, stream("visits", patient.course.patient_id)
        weight = None if patient.bmi is None else patient.bmi * (patient.height_cm / 100) ** 2
        days = sorted({min(d + 3, course.follow_up_days) for d in exam_days(course)} | {course.follow_up_days})
        for n, on in enumerate([-2, *days]):
            dead = bool(course.death_cause) and on == course.follow_up_days
            yield {
                "visit_id": f"V-{course.number}-{n:02d}",
                "patient_id": course.patient_id,
                "visit_date": day(course.first_session, on),
                "height_cm": str(patient.height_cm) if n == 0 and weight else "",
                "weight_kg": number(weight, 1) if weight and not dead else "",
                "ecog": "" if dead else str(min(3, ecogs[i] + (progressed(patient, on) and rng.random() < 0.5))),
                **seen_symptoms(patient, outcomes[i], on, dead),
                **vital_status(patient, on, dead),
                "status": "final",
            }
            weight = weight and weight * rng.uniform(0.985, 1.012)


def progressed(patient: Patient, on: int) -> bool:
    """Whether the liver has progressed by a day."""
    return any(p <= on for p in patient.course.progression_days)


def symptom_outcomes() -> list[str]:
    """What becomes of each patient's symptoms after the first cycle."""
    with_symptoms = [i for i, patient in enumerate(cohort()) if patient.symptoms != ("none", "none")]
    deck = deal(
        {"resolved": RESOLVED, "lighter": LIGHTER, "same": len(with_symptoms) - RESOLVED - LIGHTER},
        "outcomes",
    )
    outcomes = dict(zip(with_symptoms, deck, strict=True))
    return [outcomes.get(i, "same") for i in range(52)]


def seen_symptoms(patient: Patient, outcome: str, on: int, dead: bool) -> Row:
    """Diarrhoea and flushing at a visit; symptoms that went come back lighter after progression."""
    if dead:
        return {"diarrhoea": "", "flushing": ""}
    became = {"resolved": "none", "lighter": "present", "same": "dominant"}[outcome]
    if outcome == "resolved" and any(p + 30 < on for p in patient.course.progression_days):
        became = "present"
    now = [before if on < 0 or before == "none" else became for before in patient.symptoms]
    return {"diarrhoea": now[0], "flushing": now[1]}


def vital_status(patient: Patient, on: int, dead: bool) -> Row:
    """Alive, or dead with date and cause."""
    if not dead:
        return {"vital_status": "alive", "death_date": "", "death_cause": ""}
    died = day(patient.course.first_session, on)
    return {"vital_status": "dead", "death_date": died, "death_cause": patient.course.death_cause}


def treatments() -> Iterator[Row]:
    """Other treatments: before the first session as Table 1 counts them, some after the last progression."""
    for patient in cohort():
        course, rng = patient.course, stream("treatments", patient.course.patient_id)
        wait = (course.first_session - patient.diagnosis).days
        lines: list[tuple[str, int, int | None]] = []
        if patient.resected == "yes":
            lines.append(("primary_surgery", -wait + min(rng.randint(14, 90), wait - 7), 0))
        for kind in patient.previous:
            start = -rng.randint(8, max(9, wait - 5))
            longest = {"systemic_chemotherapy": 110, "prrt": 160}.get(kind, 0)
            lines.append((kind, start, None if kind == "somatostatin_analogue" else min(longest, -start - 3)))
        if course.final_response == "PD" and course.follow_up_days - course.progression_days[-1] > 60:
            kind = rng.choice(("targeted_therapy", "systemic_chemotherapy", "prrt"))
            lines.append((kind, course.progression_days[-1] + rng.randint(20, 40), None))
        for n, (kind, start, length) in enumerate(sorted(lines, key=lambda line: line[1]), 1):
            began = course.first_session + timedelta(days=start)
            yield {
                "treatment_id": f"T-{course.number}-{n}",
                "patient_id": course.patient_id,
                "kind": kind,
                "started_on": began.isoformat(),
                "ended_on": "" if length is None else day(began, length),
                "status": "final",
            }
