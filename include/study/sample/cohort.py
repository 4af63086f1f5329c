"""The cohort: 52 invented patients, the lines of plan.csv and people.csv with what is dealt at random (Table 1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from include.study.sample.draws import deal, shaped, shuffled, stream
from include.study.sample.people import people
from include.study.sample.plan import Course, courses

SEX = {"male": 25, "female": 27}
DISCOVERY = {"carcinoid_syndrome": 12, "pain": 22, "fortuitous": 11, "other": 4, "unknown": 3}
SYMPTOMS = {("dominant", "none"): 19, ("none", "dominant"): 13, ("dominant", "dominant"): 10}
"""Diarrhoea and flushing at baseline: 29 and 23 patients, 42 with either (Table 1 and the text)."""
PREVIOUS = {
    "hepatic_surgery": 12,
    "ablation": 2,
    "systemic_chemotherapy": 14,
    "somatostatin_analogue": 37,
    "tace": 8,
    "prrt": 2,
}


@dataclass(frozen=True)
class Patient:
    """One patient at the first session."""

    course: Course
    sex: str
    birth: date
    diagnosis: date
    liver_metastases: date | None
    timing: str
    discovery: str
    site: str
    grade: str
    resected: str
    extrahepatic: str
    burden_percent: int
    symptoms: tuple[str, str]
    height_cm: int
    bmi: float | None
    previous: tuple[str, ...]


@cache
def cohort() -> tuple[Patient, ...]:
    """The 52 patients, in the order of their pseudonyms."""
    plans = courses()
    sexes, discoveries = deal(SEX, "sex"), deal(DISCOVERY, "discovery")
    bmis: list[float | None] = [*shuffled(shaped("bmi"), "bmi"), None, None]
    symptoms, previous = deal_symptoms(plans), deal_previous()
    patients = []
    for i, (plan, person) in enumerate(zip(plans, people(), strict=True)):
        patients.append(
            Patient(
                course=plan,
                sex=sexes[i],
                birth=plan.first_session - timedelta(days=person.age_days),
                diagnosis=plan.first_session - timedelta(days=person.diagnosis_days),
                liver_metastases=None
                if person.liver_days is None
                else plan.first_session - timedelta(days=person.liver_days),
                timing=person.timing,
                discovery=discoveries[i],
                site=person.site,
                grade=person.grade,
                resected=person.resected,
                extrahepatic=person.extrahepatic,
                burden_percent=person.burden_percent,
                symptoms=symptoms[i],
                height_cm=stream("height", plan.patient_id).randint(
                    *((165, 186) if sexes[i] == "male" else (152, 174))
                ),
                bmi=bmis[i],
                previous=previous[i],
            )
        )
    return tuple(patients)


def deal_symptoms(plans: tuple[Course, ...]) -> list[tuple[str, str]]:
    """Symptoms at baseline; patients who are never seen after their first cycle have none."""
    deck = iter(deal({**SYMPTOMS, ("none", "none"): 52 - sum(SYMPTOMS.values()) - 3}, "symptoms"))
    return [next(deck) if plan.response_days else ("none", "none") for plan in plans]


def deal_previous() -> list[tuple[str, ...]]:
    """What each patient had received before the first session."""
    given = {kind: deal({True: count, False: 52 - count}, "previous", kind) for kind, count in PREVIOUS.items()}
    return [tuple(kind for kind in PREVIOUS if given[kind][i]) for i in range(52)]
