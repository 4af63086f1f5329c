"""What each invented patient brings along, read from people.csv: one line a patient, plain inputs only.

The lines were found by search: together with plan.csv they give the means, medians and tests that the study prints,
which no file of the sample study contains. No line is, or was drawn from, a person.

age_days, diagnosis_days, liver_days: birth, diagnosis of the primary and of the liver metastases, days before the first
session (liver_days blank: the clinic never dated them). site: ICD-O-3 topography. creatinine_umol_l: before the
first session. *_month_2: liver tests two months after it, U/L and umol/L. chromogranin_after: first value after the
first cycle, ng/mL. Blank: not known or not measured.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PEOPLE = Path(__file__).with_name("people.csv")


@dataclass(frozen=True)
class Person:
    """One line of people.csv."""

    patient_id: str
    age_days: int
    diagnosis_days: int
    liver_days: int | None
    timing: str
    site: str
    resected: str
    grade: str
    burden_percent: int
    extrahepatic: str
    target_1_mm: int
    target_2_mm: int | None
    creatinine_umol_l: float | None
    month_2: dict[str, float]
    chromogranin_after: float | None


@cache
def people() -> tuple[Person, ...]:
    """All lines, in the order of the pseudonyms."""
    with PEOPLE.open(newline="", encoding="utf-8") as lines:
        return tuple(person(line) for line in csv.DictReader(lines))


def person(line: dict[str, str]) -> Person:
    """One line of people.csv, read."""
    tests = {analyte: amount(line[f"{analyte.lower()}_month_2"]) for analyte in ("AST", "ALT", "BILI")}
    return Person(
        patient_id=line["patient_id"],
        age_days=int(line["age_days"]),
        diagnosis_days=int(line["diagnosis_days"]),
        liver_days=whole(line["liver_days"]),
        timing=line["timing"],
        site=line["site"],
        resected=line["resected"],
        grade=line["grade"],
        burden_percent=int(line["burden_percent"]),
        extrahepatic=line["extrahepatic"],
        target_1_mm=int(line["target_1_mm"]),
        target_2_mm=whole(line["target_2_mm"]),
        creatinine_umol_l=amount(line["creatinine_umol_l"]),
        month_2={analyte: value for analyte, value in tests.items() if value is not None},
        chromogranin_after=amount(line["chromogranin_after"]),
    )


def whole(cell: str) -> int | None:
    """A whole number, None for a blank cell."""
    return int(cell) if cell else None


def amount(cell: str) -> float | None:
    """A decimal, None for a blank cell."""
    return float(cell) if cell else None
