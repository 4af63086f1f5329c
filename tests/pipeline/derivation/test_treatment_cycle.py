"""Cycles: which session opens one, which exam judges one; the response to the whole course."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from include.warehouse import Warehouse
from tests.pipeline.derivation.response_cases import FIRST, exam, session, target
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

Cells = Mapping[str, object]
Plan = Sequence[tuple[int, Cells]]


def plain(*days: int) -> Plan:
    """Sessions on these days after the first one, of which nothing else is known."""
    return [(day, {}) for day in days]


def derive_plans(
    warehouse: Warehouse, plans: Mapping[str, Plan], seen: Mapping[str, Mapping[int, float]] | None = None
) -> None:
    """Fill and derive each patient's sessions, and exams that find a target of these sizes (100 before)."""
    procedures: list[Row] = []
    exams: list[Row] = []
    lesions: list[Row] = []
    for patient, plan in plans.items():
        procedures += [
            session(patient, FIRST + timedelta(days=day), procedure_id=f"{patient}{number}", **cells)
            for number, (day, cells) in enumerate(plan, start=1)
        ]
        for day, size in {-5: 100.0, **(seen or {}).get(patient, {})}.items():
            name = f"{patient} day {day}"
            exams.append(exam(patient, FIRST + timedelta(days=day), name))
            lesions.append({"patient_id": patient, "exam_id": name, **target("T", size)})
    fill(warehouse, procedures=procedures, exams=exams, lesions=lesions)
    make(warehouse, "derived.course_response")


def cycle_sizes(warehouse: Warehouse) -> dict[str, list[int]]:
    """Sessions in each cycle."""
    found: dict[str, list[int]] = {}
    for patient, count in rows(warehouse, "SELECT patient_id, sessions FROM derived.treatment_cycle ORDER BY cycle"):
        found.setdefault(patient, []).append(count)
    return found


def test_a_cycle_ends_by_gap_number_or_completion(warehouse: Warehouse) -> None:
    done, not_done = {"cycle_complete": "yes"}, {"cycle_complete": "no"}
    derive_plans(
        warehouse,
        {
            "gap of 56": plain(0, 56),
            "gap of 57": plain(0, 57),
            "five": plain(0, 30, 60, 90, 120),
            "nine": plain(*range(0, 90, 10)),
            "same day": plain(0, 0),
            "complete": [(0, done), (30, {}), (60, done), (90, {})],
            "not complete": [(0, not_done), (30, {})],
            "complete in the evening": [
                (0, {**done, "started_at": datetime.combine(FIRST, time(18))}),
                (0, {"started_at": datetime.combine(FIRST, time(9))}),
            ],
        },
    )
    assert cycle_sizes(warehouse) == {
        "gap of 56": [2],
        "gap of 57": [1, 1],
        "five": [4, 1],
        "nine": [4, 4, 1],
        "same day": [2],
        "complete": [1, 2, 1],
        "not complete": [2],
        "complete in the evening": [2],
    }
    assert rows(
        warehouse,
        "SELECT first_session, last_session, first_procedure_id, last_procedure_id "
        "FROM derived.treatment_cycle WHERE patient_id = 'five' ORDER BY cycle",
    ) == [
        (FIRST, FIRST + timedelta(days=90), "five1", "five4"),
        (FIRST + timedelta(days=120), FIRST + timedelta(days=120), "five5", "five5"),
    ]


def test_an_exam_that_judged_a_finished_cycle_ends_it(warehouse: Warehouse) -> None:
    one, two, three = ({"planned_sessions": count} for count in (1, 2, 3))
    cases: dict[str, tuple[Plan, int, list[int]]] = {
        "exam on day 13": (plain(0, 40), 13, [2]),
        "exam on day 14": (plain(0, 40), 14, [1, 1]),
        "exam on the day": (plain(0, 40), 40, [1, 1]),
        "exam the day after": (plain(0, 40), 41, [2]),
        "one planned": ([(0, one), (40, {})], 30, [1, 1]),
        "two planned": ([(0, two), (40, {})], 30, [2]),
        "two done": ([(0, two), (30, {}), (70, {})], 60, [2, 1]),
        "plan cut": ([(0, three), (30, two), (70, {})], 60, [2, 1]),
    }
    derive_plans(
        warehouse,
        {name: plan for name, (plan, _, _) in cases.items()},
        {name: {day: 90} for name, (_, day, _) in cases.items()},
    )
    assert cycle_sizes(warehouse) == {name: found for name, (_, _, found) in cases.items()}


def test_the_first_exam_from_day_14_on_judges_the_cycle(warehouse: Warehouse) -> None:
    derive_plans(
        warehouse,
        {"a": plain(0, 200), "b": plain(0), "unseen": plain(0, 200), "never": plain(0)},
        {"a": {14: 90, 100: 50, 200: 130, 230: 0}, "b": {13: 60, 28: 90}, "unseen": {230: 50}},
    )
    assert rows(
        warehouse,
        "SELECT patient_id, response_exam_id, response FROM derived.treatment_cycle ORDER BY patient_id, cycle",
    ) == [
        ("a", "a day 14", "SD"),
        ("a", "a day 230", "CR"),
        ("b", "b day 28", "PD"),
        ("never", None, None),
        ("unseen", None, None),
        ("unseen", "unseen day 230", "PR"),
    ]


def test_the_course_is_judged_after_the_first_cycle_and_by_the_last_exam(warehouse: Warehouse) -> None:
    derive_plans(
        warehouse,
        {"a": plain(0, 200), "early": plain(0), "between": plain(0, 200)},
        {"a": {60: 50, 230: 0, 400: 90}, "early": {13: 50}, "between": {60: 50}},
    )
    assert rows(
        warehouse,
        "SELECT patient_id, assessment, exam_id, response FROM derived.course_response "
        "WHERE criteria = 'mrecist' ORDER BY patient_id, exam_date",
    ) == [
        ("a", "first_cycle", "a day 60", "PR"),
        ("a", "final", "a day 400", "PD"),
        ("between", "first_cycle", "between day 60", "PR"),
    ]
    criteria = rows(warehouse, "SELECT criteria FROM derived.course_response WHERE patient_id = 'a'")
    assert sorted(criteria) == [("mrecist",), ("mrecist",), ("recist_1_1",), ("recist_1_1",)]
