"""The cohort: 52 invented patients with the counts of Table 1, dealt at random to the courses of plan.csv."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from include.study.draws import deal, shaped, shuffled, stream
from include.study.plan import Course, courses

SEX = {"male": 25, "female": 27}
SITE = {"C17.2": 21, "C18.0": 4, "C18.1": 2, "C20.9": 1, "C16.9": 1, "C25.9": 14, "C34.9": 4, "C80.9": 5}
RESECTED = {"yes": 30, "no": 22}
TIMING = {"synchronous": 41, "metachronous": 11}
DISCOVERY = {"carcinoid_syndrome": 12, "pain": 22, "fortuitous": 11, "other": 4, "unknown": 3}
EXTRAHEPATIC = {"yes": 20, "no": 32}
BURDEN = {(3, 9): 9, (10, 24): 15, (26, 49): 13, (51, 74): 8, (76, 90): 7}
"""Percent of the liver, from and to, with the number of patients."""
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
DAYS_PER_MONTH = 30.4375
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Patient:
    """One patient at the first session."""

    course: Course
    sex: str
    birth: date
    age_years: float
    diagnosis: date
    liver_metastases: date
    timing: str
    discovery: str
    site: str
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
    ages = shuffled(shaped("age_years"), "age")
    timings = deal(TIMING, "timing")
    liver = shuffled(shaped("liver_to_session_months"), "liver")
    before = iter(shuffled(shaped("diagnosis_to_liver_months"), "diagnosis"))
    sexes, sites, resections = deal(SEX, "sex"), deal(SITE, "site"), deal(RESECTED, "resected")
    discoveries, extrahepatic = deal(DISCOVERY, "discovery"), deal(EXTRAHEPATIC, "extrahepatic")
    bmis: list[float | None] = [*shuffled(shaped("bmi"), "bmi"), None, None]
    burdens, symptoms, previous = deal_burdens(plans), deal_symptoms(plans), deal_previous()
    patients = []
    for i, plan in enumerate(plans):
        metastases = plan.first_session - timedelta(days=round(liver[i] * DAYS_PER_MONTH))
        gap = round(next(before) * DAYS_PER_MONTH) if timings[i] == "metachronous" else 0
        patients.append(
            Patient(
                course=plan,
                sex=sexes[i],
                birth=plan.first_session - timedelta(days=round(ages[i] * DAYS_PER_YEAR)),
                age_years=ages[i],
                diagnosis=metastases - timedelta(days=gap),
                liver_metastases=metastases,
                timing=timings[i],
                discovery=discoveries[i],
                site=sites[i],
                resected=resections[i],
                extrahepatic=extrahepatic[i],
                burden_percent=burdens[i],
                symptoms=symptoms[i],
                height_cm=stream("height", plan.patient_id).randint(
                    *((165, 186) if sexes[i] == "male" else (152, 174))
                ),
                bmi=bmis[i],
                previous=previous[i],
            )
        )
    return tuple(patients)


def deal_burdens(plans: tuple[Course, ...]) -> list[int]:
    """Liver burdens in percent, the larger ones rather to patients whose first cycle took more sessions."""
    rng = stream("burden")
    burdens = sorted(rng.randint(*span) for span, count in BURDEN.items() for _ in range(count))
    weight = [len(plan.cycles[0]) + 2 * rng.random() for plan in plans]
    order = sorted(range(len(plans)), key=lambda i: weight[i])
    return [burden for _, burden in sorted(zip(order, burdens, strict=True))]


def deal_symptoms(plans: tuple[Course, ...]) -> list[tuple[str, str]]:
    """Symptoms at baseline; patients who are never seen after their first cycle have none."""
    deck = iter(deal({**SYMPTOMS, ("none", "none"): 52 - sum(SYMPTOMS.values()) - 3}, "symptoms"))
    return [next(deck) if plan.response_days else ("none", "none") for plan in plans]


def deal_previous() -> list[tuple[str, ...]]:
    """What each patient had received before the first session."""
    given = {kind: deal({True: count, False: 52 - count}, "previous", kind) for kind, count in PREVIOUS.items()}
    return [tuple(kind for kind in PREVIOUS if given[kind][i]) for i in range(52)]
