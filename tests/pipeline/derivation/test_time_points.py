"""Exams that make one assessment, when it is dated, and lesions that are back or new by themselves.

The courses of tests/established hold what the standards say; here is what they leave to the registry.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from include.pipeline.validation.cross_feed import cross_check
from include.warehouse import Warehouse
from include.warehouse.near import Near
from tests.pipeline.derivation.response_cases import FIRST, exam, judged, other, session, target
from tests.support.clinical import Row, fill, rows, touch
from tests.support.making import make

Course = Mapping[int, Sequence[Row]]
"""What is found on each day after the first procedure; an exam is named by its patient and day."""


def derive_courses(
    warehouse: Warehouse, courses: Mapping[str, Course], *tables: str, sessions: Sequence[int] = (0,)
) -> None:
    """Fill a patient a course, and make the tables of them, the responses if none is named."""
    exams: list[Row] = []
    lesions: list[Row] = []
    for patient, course in courses.items():
        for day, found in course.items():
            name = f"{patient}{day}"
            exams.append(exam(patient, FIRST + timedelta(days=day), name))
            lesions += [
                {"patient_id": patient, "exam_id": name, "measurement_id": f"{name} {place}", **row}
                for place, row in enumerate(found)
            ]
    procedures = [session(patient, FIRST + timedelta(days=day)) for patient in courses for day in sessions]
    fill(warehouse, exams=exams, lesions=lesions, procedures=procedures)
    make(warehouse, *(tables or ["derived.timepoint_response"]))


def test_the_window_is_counted_from_the_first_exam_and_a_session_parts(warehouse: Warehouse) -> None:
    days = (-1, 20, 30, 40, 49, 55, 100, 112, 118)
    derive_courses(warehouse, {"a": {day: [target("T", 50)] for day in days}}, sessions=(0, 112))
    assert judged(warehouse, column="exam_ids")["a"] == ["a20+a30", "a40+a49", "a55", "a100+a112", "a118"]
    cross_check(warehouse, Near(warehouse))
    told = "SELECT record_key FROM quarantine.failure WHERE rule_id = 'lesions.lesion_id.measured_twice' ORDER BY 1"
    assert rows(warehouse, told) == [("a112 0",), ("a30 0",), ("a49 0",)]


def test_of_a_lesion_measured_twice_the_later_one_counts_that_could_be_evaluated(warehouse: Warehouse) -> None:
    blind = target("T", None, assessment="not_evaluable")
    derive_courses(
        warehouse,
        {
            "later": {-9: [target("T", 90)], -1: [target("T", 50)], 60: [target("T", 90)], 70: [target("T", 35)]},
            "blind": {-1: [target("T", 50)], 60: [target("T", 35)], 70: [blind]},
            "first": {-1: [target("T", 50)], 60: [blind], 70: [target("T", 35)]},
        },
    )
    assert judged(warehouse) == {"later": ["PR"], "blind": ["PR"], "first": ["PR"]}
    assert judged(warehouse, column="baseline_sum_mm")["later"] == [50]


def test_a_progression_has_the_day_of_the_exam_that_first_shows_it(warehouse: Warehouse) -> None:
    both = [target("A", 30), target("B", 30)]
    new = other("X", kind="new")
    cases: dict[str, tuple[Course, int]] = {
        "the sum needs both": ({60: [target("A", 60)], 70: [target("B", 30)]}, 70),
        "one is enough": ({60: [target("A", 80)], 70: [target("B", 30)]}, 60),
        "measured again": ({60: [target("A", 80)], 65: [target("A", 50)], 70: [target("B", 30)]}, 70),
        "new lesion": ({60: both, 70: [new]}, 70),
        "new lesion first": ({60: [*both, new], 70: [new]}, 60),
    }
    derive_courses(warehouse, {name: {-1: both, **course} for name, (course, _) in cases.items()})
    assert judged(warehouse) == {name: ["PD"] for name in cases}
    on = judged(warehouse, column="response_date")
    assert on == {name: [FIRST + timedelta(days=day)] for name, (_, day) in cases.items()}


def test_other_responses_are_dated_by_the_first_or_the_last_exam(warehouse: Warehouse) -> None:
    derive_courses(warehouse, {"a": {-1: [target("A", 50)], 60: [target("A", 30)], 70: [], 90: [target("A", 29)]}})
    derive_courses(warehouse, {"b": {-1: [target("A", 50)], 60: [target("A", 50)], 70: []}})
    on = judged(warehouse, column="response_date")
    assert on == {
        "a": [FIRST + timedelta(days=70), FIRST + timedelta(days=90)],
        "b": [FIRST + timedelta(days=60)],
    }


def test_what_is_back_after_a_complete_response_is_pd_until_that_is_corrected(warehouse: Warehouse) -> None:
    course = {-1: [target("T", 30)], 60: [target("T", 0)], 120: [target("T", None)], 180: [target("T", 4)]}
    derive_courses(warehouse, {"a": course})
    assert judged(warehouse, "recist_1_1")["a"] == ["CR", "NE", "PD"]
    warehouse.run("UPDATE received.lesions SET longest_diameter_mm = 3 WHERE measurement_id = 'a60 0'")
    touch(warehouse)
    make(warehouse, "derived.timepoint_response")
    assert judged(warehouse, "recist_1_1")["a"] == ["PR", "NE", "PR"]


def test_a_lesion_not_seen_before_the_treatment_is_new_whatever_its_label(warehouse: Warehouse) -> None:
    first = {-1: [target("T", 30)]}
    later: dict[str, tuple[Course, list[Any]]] = {
        "target": ({**first, 60: [target("T", 15), target("U", 20)]}, ["PD"]),
        "nobody asked": ({**first, 60: [target("T", 15), other("U", None)]}, ["PR"]),
        "one diameter": ({**first, 60: [target("T", 15), {**other("U", None), "longest_diameter_mm": 20}]}, ["PD"]),
        "gone": ({**first, 60: [target("T", 15), other("U", "absent")]}, ["PR"]),
        "equivocal": ({**first, 60: [target("T", 0), other("U", "equivocal")]}, ["PR"]),
        "small node": ({**first, 60: [target("T", 15), target("U", 9, lymph_node="yes")]}, ["PR"]),
        "node": ({**first, 60: [target("T", 15), target("U", 10, lymph_node="yes")]}, ["PD"]),
        "seen long before": ({-90: [other("U")], **first, 60: [target("T", 15), other("U")]}, ["PR"]),
        "gone before": (
            {-90: [other("U")], -1: [target("T", 30), other("U", "absent")], 60: [target("T", 15), other("U")]},
            ["PD"],
        ),
        "called new before, gone, back": (
            {
                -90: [target("T", 30), other("U", kind="new")],
                -1: [target("T", 30), other("U", "absent")],
                60: [target("T", 15), target("U", 20)],
            },
            ["PD"],
        ),
        "still gone": (
            {-1: [target("T", 30), other("U", "absent")], 60: [target("T", 0), other("U", "absent")]},
            ["CR"],
        ),
        "no site": ({-1: [target("8:T", 30)], 60: [target("8:T", 15), target("5:U", 20)]}, ["PD"]),
        "no baseline": ({60: [target("T", 15)]}, ["NE"]),
    }
    derive_courses(warehouse, {name: course for name, (course, _) in later.items()})
    expected = {name: responses for name, (_, responses) in later.items()}
    assert judged(warehouse, "mrecist") == expected
    assert judged(warehouse, "recist_1_1") == expected
    cross_check(warehouse, Near(warehouse))
    told = "SELECT DISTINCT patient_id FROM quarantine.failure WHERE rule_id = 'lesions.lesion_kind.unlabelled_new'"
    assert {name for (name,) in rows(warehouse, told)} == {name for name, found in expected.items() if found == ["PD"]}


def test_a_baseline_is_as_old_as_its_first_exam_for_response_and_rule(warehouse: Warehouse) -> None:
    found = [target("T", 50)]
    ages: dict[str, tuple[Course, int]] = {
        "56": ({-56: found}, 56),
        "57": ({-57: found}, 57),
        "one assessment": ({-57: [], -43: found}, 57),
        "two": ({-57: [], -42: found}, 42),
        "two of three exams": ({-70: [], -60: [], -50: found}, 50),
        "read once": ({-70: found, -50: []}, 70),
    }
    derive_courses(warehouse, {name: {**course, 60: [target("T", 30)]} for name, (course, _) in ages.items()})
    assert judged(warehouse, column="baseline_age_days") == {name: [age] for name, (_, age) in ages.items()}
    assert judged(warehouse, column="baseline_too_old") == {name: [age > 56] for name, (_, age) in ages.items()}
    assert judged(warehouse) == {name: ["PR"] for name in ages}
    cross_check(warehouse, Near(warehouse))
    told = "SELECT patient_id FROM quarantine.failure WHERE rule_id = 'exams.exam_date.baseline_too_old' ORDER BY 1"
    assert rows(warehouse, told) == [("57",), ("one assessment",), ("read once",)]


def test_the_liver_is_judged_without_lymph_nodes_and_other_organs(warehouse: Warehouse) -> None:
    def found(liver: float, node: float) -> list[Row]:
        return [target("L", liver), target("N", node, lymph_node="yes")]

    def new_in(organ: str) -> Row:
        return {**other("X", kind="new"), "organ": organ}

    derive_courses(
        warehouse,
        {
            "node": {-1: found(30, 20), 60: found(30, 60)},
            "liver": {-1: found(30, 60), 60: found(40, 60)},
            "node alone": {-1: found(30, 20), 60: [target("N", 60, lymph_node="yes")]},
            "no node": {-1: [target("L", 30)], 60: [target("L", 60)]},
            "lung": {-1: [target("L", 30)], 60: [target("L", 20), new_in("lung")]},
            "said once": {-1: [target("L", 30), target("B", 30, organ="bone")], 60: [target("L", 30), target("B", 60)]},
            "liver's back": {
                -1: [target("L", 30), other("X"), {**other("B"), "organ": "bone"}],
                60: [target("L", 0), other("X", "absent"), {**other("B"), "organ": "bone"}],
                120: [target("L", 0), other("X"), {**other("B"), "organ": "bone"}],
            },
            "liver's new": {-1: [target("L", 30), other("B")], 60: [target("L", 20), new_in("liver")]},
        },
        "derived.survival_time",
    )
    others = {name: ["PD"] for name in ("lung", "said once", "liver's new")}
    others["liver's back"] = ["PR", "PR"]
    assert judged(warehouse) == {"node": ["PD"], "liver": ["SD"], "node alone": ["PD"], "no node": ["PD"], **others}
    assert judged(warehouse, column="hepatic_response") == {
        "lung": ["PR"],
        "said once": ["SD"],
        "liver's back": ["CR", "PD"],
        "liver's new": ["PD"],
        "node": ["SD"],
        "liver": ["PD"],
        "node alone": ["NE"],
        "no node": ["PD"],
    }
    select = (
        "SELECT patient_id FROM derived.survival_time WHERE endpoint = 'time_to_hepatic_progression' "
        "AND criteria = 'mrecist' AND event AND days = 60 ORDER BY patient_id"
    )
    assert rows(warehouse, select) == [("liver",), ("liver's new",), ("no node",)]
