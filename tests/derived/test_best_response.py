"""Best response: what counts, for how long, and what confirmation asks for.

A course is written as days after the first procedure and responses, e.g. "50 PR, 90 PD". By RECIST 1.1 the sizes below
give each response whatever came before: from a baseline of 5 mm no rise reaches 5 mm.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from include.derivation import derive_touched
from include.warehouse import Warehouse
from tests.derived.response_cases import FIRST, exam, other, session, target
from tests.support.clinical import Row, fill, rows

SHOWN = {
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
    treatments: list[Row] | None = None,
) -> list[str]:
    """The best response of each course."""
    exams, lesions = [], []
    for patient, course in courses.items():
        seen = [(-1, [target("T", 5)])]
        seen += [(int(day), SHOWN[word]) for day, word in (entry.split() for entry in course.split(", "))]
        for day, found in seen:
            exams.append(exam(patient, FIRST + timedelta(days=day)))
            lesions += [
                {"patient_id": patient, "exam_id": exams[-1]["exam_id"], **lesion} for lesion in found
            ]
    sessions = [session(patient) for patient in courses]
    fill(warehouse, exams=exams, lesions=lesions, procedures=sessions, treatments=treatments or [])
    derive_touched(warehouse)
    select = (
        "SELECT patient_id, response FROM derived.best_response "
        f"WHERE criteria = 'recist_1_1' AND confirmed = {confirmed}"
    )
    found_best = dict(rows(warehouse, select))
    return [found_best[patient] for patient in courses]


def numbered(*courses: str) -> dict[str, str]:
    """Courses by patient."""
    return {f"p{number:02}": course for number, course in enumerate(courses)}


def test_the_best_counts_up_to_the_first_progression(warehouse: Warehouse) -> None:
    courses = numbered(
        "50 SD, 100 PR, 150 CR",
        "50 PR, 100 PD, 150 CR",
        "50 PD, 100 CR",
        "50 NE",
        "50 NE, 100 PD",
        "50 SD, 100 NE",
    )
    assert best(warehouse, courses) == ["CR", "PR", "PD", "NE", "PD", "SD"]
    dates = rows(
        warehouse,
        "SELECT response_date, exam_id FROM derived.best_response "
        "WHERE criteria = 'recist_1_1' AND NOT confirmed AND patient_id = 'p01'",
    )
    assert dates == [(date(2020, 2, 29), "p01 2020-02-29")]


def test_stable_disease_counts_from_day_42_on(warehouse: Warehouse) -> None:
    assert best(warehouse, numbered("41 SD", "42 SD", "41 SD, 80 PD", "20 PR", "41 SD, 60 NE")) == [
        "NE",
        "SD",
        "PD",
        "PR",
        "NE",
    ]


def test_exams_after_a_new_treatment_do_not_count(warehouse: Warehouse) -> None:
    courses = numbered("50 SD, 100 CR", "50 SD, 100 CR", "50 SD, 100 CR", "50 CR")
    started = [
        ("p00", "prrt", 90),
        ("p01", "prrt", 100),
        ("p02", "prrt", 0),
        ("p02", "tace", -50),
        ("p03", "tace", 9),
    ]
    treatments = [
        {"patient_id": patient, "kind": kind, "started_on": FIRST + timedelta(days=day)}
        for patient, kind, day in started
    ]
    assert best(warehouse, courses, treatments=treatments) == ["SD", "CR", "CR", "NE"]
    undated = rows(
        warehouse, "SELECT DISTINCT response_date FROM derived.best_response WHERE patient_id = 'p03'"
    )
    assert undated == [(None,)]


def test_confirmation_repeats_the_response_at_least_28_days_later(warehouse: Warehouse) -> None:
    courses = {
        "50 CR, 78 CR": "CR",
        "50 CR, 77 CR": "SD",
        "50 PR, 78 PR": "PR",
        "50 PR, 77 PR": "SD",
        "50 PR, 78 CR": "PR",
        "50 CR, 78 PR": "SD",
        "50 PR, 60 PR, 79 PR": "PR",
        "50 PR, 90 CR, 130 CR": "CR",
        "50 PR": "SD",
        "30 PR": "NE",
        "50 PR, 90 PD, 130 PR": "SD",
        "30 PR, 60 PD": "PD",
    }
    assert best(warehouse, numbered(*courses), confirmed=True) == list(courses.values())


def test_one_exam_between_may_be_not_evaluable_and_none_worse(warehouse: Warehouse) -> None:
    courses = {
        "50 PR, 70 NE, 90 PR": "PR",
        "50 PR, 60 NE, 70 NE, 90 PR": "SD",
        "50 CR, 70 NE, 90 CR": "CR",
        "50 CR, 60 NE, 70 NE, 90 CR": "SD",
        "50 PR, 70 SD, 90 PR": "SD",
        "50 CR, 70 PR, 90 CR": "SD",
        "50 PR, 60 NE, 65 PR, 70 NE, 100 PR": "PR",
    }
    assert best(warehouse, numbered(*courses), confirmed=True) == list(courses.values())
