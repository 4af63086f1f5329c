"""Cycles: which session opens one, which exam judges one; the response to the whole course."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from include.derivation import derive_touched
from include.warehouse import Warehouse
from tests.derived.response_cases import FIRST, exam, session, target
from tests.support.clinical import Row, fill, rows

Plan = Sequence[int | tuple[int, dict[str, object]]]


def sessions(patient: str, plan: Plan) -> list[Row]:
    """Sessions on days after the first one, with further cells where given."""
    given = [entry if isinstance(entry, tuple) else (entry, {}) for entry in plan]
    return [
        session(patient, FIRST + timedelta(days=day), procedure_id=f"{patient}{number}", **cells)
        for number, (day, cells) in enumerate(given, start=1)
    ]


def read_exams(patient: str, sizes: Mapping[int, float]) -> tuple[list[Row], list[Row]]:
    """Exams on days after the first session that find one target of these sizes; baseline 100 mm."""
    exams, lesions = [], []
    for day, size in {-5: 100.0, **sizes}.items():
        exams.append(exam(patient, FIRST + timedelta(days=day), f"{patient} day {day}"))
        lesions.append({"patient_id": patient, "exam_id": f"{patient} day {day}", **target("T", size)})
    return exams, lesions


def derived(
    warehouse: Warehouse, plans: Mapping[str, Plan], seen: Mapping[str, Mapping[int, float]] | None = None
) -> None:
    """Fill and derive the plans' sessions, and exams with the sizes seen."""
    read = [read_exams(patient, (seen or {}).get(patient, {})) for patient in plans]
    fill(
        warehouse,
        procedures=[row for patient, plan in plans.items() for row in sessions(patient, plan)],
        exams=[row for exams, _ in read for row in exams],
        lesions=[row for _, lesions in read for row in lesions],
    )
    derive_touched(warehouse)


def cycle_sizes(warehouse: Warehouse) -> dict[str, list[int]]:
    """Sessions in each cycle."""
    found: dict[str, list[int]] = {}
    for patient, count in rows(
        warehouse, "SELECT patient_id, sessions FROM derived.treatment_cycle ORDER BY patient_id, cycle"
    ):
        found.setdefault(patient, []).append(count)
    return found


def responses(warehouse: Warehouse, patient: str) -> list[tuple[object, ...]]:
    """Exam and response of each cycle."""
    return rows(
        warehouse,
        "SELECT response_exam_id, response FROM derived.treatment_cycle "
        f"WHERE patient_id = '{patient}' ORDER BY cycle",
    )


def test_a_cycle_ends_by_gap_number_or_completion(warehouse: Warehouse) -> None:
    done = {"cycle_complete": "yes"}
    derived(
        warehouse,
        {
            "gap of 56": [0, 56],
            "gap of 57": [0, 57],
            "five": [0, 30, 60, 90, 120],
            "same day": [0, 0],
            "complete": [(0, done), 30, (60, done), 90],
            "not complete": [(0, {"cycle_complete": "no"}), 30],
            "nine": [10 * number for number in range(9)],
        },
    )
    assert cycle_sizes(warehouse) == {
        "gap of 56": [2],
        "gap of 57": [1, 1],
        "five": [4, 1],
        "same day": [2],
        "complete": [1, 2, 1],
        "not complete": [2],
        "nine": [4, 4, 1],
    }
    ends = "first_session, last_session, first_procedure_id, last_procedure_id"
    assert rows(
        warehouse, f"SELECT {ends} FROM derived.treatment_cycle WHERE patient_id = 'five' ORDER BY cycle"
    ) == [
        (FIRST, FIRST + timedelta(days=90), "five1", "five4"),
        (FIRST + timedelta(days=120), FIRST + timedelta(days=120), "five5", "five5"),
    ]


def test_an_exam_that_judged_a_finished_cycle_ends_it(warehouse: Warehouse) -> None:
    def planned(count: int) -> dict[str, object]:
        return {"planned_sessions": count}

    derived(
        warehouse,
        {
            "exam on day 13": [0, 40],
            "exam on day 14": [0, 40],
            "exam on the day": [0, 40],
            "one planned": [(0, planned(1)), 40],
            "two planned": [(0, planned(2)), 40],
            "two done": [(0, planned(2)), 30, 70],
            "plan cut": [(0, planned(3)), (30, planned(2)), 70],
        },
        {
            "exam on day 13": {13: 90},
            "exam on day 14": {14: 90},
            "exam on the day": {40: 90},
            "one planned": {30: 90},
            "two planned": {30: 90},
            "two done": {60: 90},
            "plan cut": {60: 90},
        },
    )
    assert cycle_sizes(warehouse) == {
        "exam on day 13": [2],
        "exam on day 14": [1, 1],
        "exam on the day": [1, 1],
        "one planned": [1, 1],
        "two planned": [2],
        "two done": [2, 1],
        "plan cut": [2, 1],
    }


def test_the_first_exam_from_day_14_on_judges_the_cycle(warehouse: Warehouse) -> None:
    derived(
        warehouse,
        {"a": [0, 200], "unseen": [0, 200], "never": [0]},
        {"a": {13: 60, 14: 90, 100: 50, 200: 130, 230: 0}, "unseen": {230: 50}},
    )
    assert responses(warehouse, "a") == [("a day 14", "PD"), ("a day 230", "CR")]
    assert responses(warehouse, "unseen") == [(None, None), ("unseen day 230", "PR")]
    assert responses(warehouse, "never") == [(None, None)]


def test_the_course_is_judged_after_the_first_cycle_and_by_the_last_exam(warehouse: Warehouse) -> None:
    derived(
        warehouse,
        {"a": [0, 200], "early": [0], "between": [0, 200]},
        {"a": {60: 50, 230: 0, 400: 90}, "early": {13: 50}, "between": {60: 50}},
    )
    assert rows(
        warehouse,
        "SELECT patient_id, assessment, exam_id, response FROM derived.course_response "
        "WHERE criteria = 'mrecist' ORDER BY patient_id, assessment DESC",
    ) == [
        ("a", "first_cycle", "a day 60", "PR"),
        ("a", "final", "a day 400", "PD"),
        ("between", "first_cycle", "between day 60", "PR"),
    ]
    both = rows(
        warehouse, "SELECT criteria FROM derived.course_response WHERE patient_id = 'a' ORDER BY criteria"
    )
    assert [criteria for (criteria,) in both] == ["mrecist", "mrecist", "recist_1_1", "recist_1_1"]
