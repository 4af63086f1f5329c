"""Best response: what counts, for how long, and what confirmation asks for.

A course is written as days after the first procedure and responses, e.g. "50 PR, 90 PD". By RECIST 1.1 the
sizes below give each response whatever came before: from a baseline of 5 mm no rise reaches 5 mm.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from include.warehouse import Warehouse
from tests.pipeline.derivation.response_cases import FIRST, exam, other, session, target
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

SHOWN: Mapping[str, Sequence[Row]] = {
    "baseline": [target("T", 5)],
    "CR": [target("T", 0)],
    "PR": [target("T", 3)],
    "SD": [target("T", 4)],
    "PD": [target("T", 4), other("X", kind="new")],
    "NE": [target("T", None)],
}


def best(
    warehouse: Warehouse,
    courses: Mapping[str, str],
    confirmed: bool = False,
    new: Mapping[str, int] | None = None,
) -> list[str]:
    """The best response of each patient's course; `new` = day on which a new treatment starts."""
    exams, lesions = [], []
    for patient, course in courses.items():
        for day, word in (entry.split() for entry in f"-1 baseline, {course}".split(", ")):
            read = exam(patient, FIRST + timedelta(days=int(day)))
            exams.append(read)
            lesions += [{"patient_id": patient, "exam_id": read["exam_id"], **row} for row in SHOWN[word]]
    treatments = [
        {"patient_id": patient, "kind": "prrt", "started_on": FIRST + timedelta(days=day)}
        for patient, day in (new or {}).items()
    ]
    sessions = [session(patient) for patient in courses]
    fill(warehouse, exams=exams, lesions=lesions, procedures=sessions, treatments=treatments)
    make(warehouse, "derived.best_response")
    every = "SELECT patient_id, confirmed, response FROM derived.best_response WHERE criteria = 'recist_1_1'"
    responses = {(patient, variant): response for patient, variant, response in rows(warehouse, every)}
    return [responses[patient, confirmed] for patient in courses]


def numbered(courses: Mapping[str, str]) -> dict[str, str]:
    """The courses, each of a patient of its own: p00, p01 and so on."""
    return {f"p{number:02}": course for number, course in enumerate(courses)}


def test_the_best_counts_up_to_the_first_progression(warehouse: Warehouse) -> None:
    courses = {
        "50 SD, 100 PR, 150 CR": "CR",
        "50 PR, 100 PD, 150 CR": "PR",
        "50 PD, 100 CR": "PD",
        "50 NE": "NE",
        "50 NE, 100 PD": "PD",
        "50 SD, 100 NE": "SD",
    }
    assert best(warehouse, numbered(courses)) == list(courses.values())
    dates = rows(
        warehouse,
        "SELECT response_date, exam_id FROM derived.best_response "
        "WHERE criteria = 'recist_1_1' AND NOT confirmed AND patient_id = 'p01'",
    )
    assert dates == [(date(2020, 2, 29), "p01 2020-02-29")]


def test_stable_disease_counts_from_day_42_on(warehouse: Warehouse) -> None:
    courses = {"41 SD": "NE", "42 SD": "SD", "41 SD, 80 PD": "PD", "20 PR": "PR", "41 SD, 60 NE": "NE"}
    assert best(warehouse, numbered(courses)) == list(courses.values())


def test_exams_after_a_new_treatment_do_not_count(warehouse: Warehouse) -> None:
    starts = {"between": 90, "on the day": 100, "with the first procedure": 0, "before it": -50, "at once": 9}
    courses = dict.fromkeys(starts, "50 SD, 100 CR")
    assert best(warehouse, courses, new=starts) == ["SD", "CR", "CR", "CR", "NE"]
    undated = rows(warehouse, "SELECT response_date FROM derived.best_response WHERE patient_id = 'at once'")
    assert set(undated) == {(None,)}


def test_confirmation_repeats_the_response_at_least_28_days_later(warehouse: Warehouse) -> None:
    courses = {
        "50 CR, 78 CR": "CR",
        "50 CR, 77 CR": "SD",
        "50 PR, 78 PR": "PR",
        "50 PR, 77 PR": "SD",
        "50 PR, 78 CR": "PR",
        "50 CR, 78 PR": "SD",
        "50 PR, 65 PR, 80 PR": "PR",
        "50 PR, 90 CR, 130 CR": "CR",
        "50 PR": "SD",
        "30 PR": "NE",
        "50 PR, 90 PD, 130 PR": "SD",
        "30 PR, 60 PD": "PD",
    }
    assert best(warehouse, numbered(courses), confirmed=True) == list(courses.values())


def test_one_exam_between_may_be_not_evaluable_and_none_worse(warehouse: Warehouse) -> None:
    courses = {
        "50 PR, 70 NE, 90 PR": "PR",
        "50 PR, 65 NE, 80 NE, 95 PR": "SD",
        "50 CR, 70 NE, 90 CR": "CR",
        "50 CR, 65 NE, 80 NE, 95 CR": "SD",
        "50 PR, 70 SD, 90 PR": "SD",
        "50 CR, 70 PR, 90 CR": "SD",
    }
    assert best(warehouse, numbered(courses), confirmed=True) == list(courses.values())
