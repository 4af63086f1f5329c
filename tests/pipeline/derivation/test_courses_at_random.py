"""Courses drawn at random have the time points, responses and times that the rules, in plain Python, give them."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import fill
from tests.support.examples import TIMES
from tests.support.making import make
from tests.support.recist import (
    TARGETS,
    Course,
    Exam,
    Lesion,
    best,
    fda_time,
    is_of_liver,
    responses,
    study_time,
)

PATIENTS = 400
DAY_0 = date(2020, 1, 10)
TRENDS = (0, 0, 0.5, 0.7, 0.9, 1, 1, 1.1, 1.2, 1.3)
APART = (14, 15, 21, 22, 28, 30, 45, 60, 90, 120, 183, 184, 200)


def draw_course(draw: random.Random) -> Course:
    """Exams in up to three parts some days apart, each of which shows some lesions; a session may lie between."""
    lesions = draw_lesions(draw)
    starts = [-draw.choice((3, 10, 14, 20, 60))]
    starts = [starts[0] - draw.choice((10, 14, 15, 40)), *starts] if draw.random() < 0.15 else starts
    day = 20
    for _ in range(draw.randint(0, 5)):
        day += draw.choice(APART)
        starts.append(day)
    parts = [(start, part) for start in starts for part in draw_parts(draw, start, lesions)]
    exams = [Exam(when, f"E{number:02}", found) for number, (_, (when, found)) in enumerate(parts)]
    exams.sort(key=lambda exam: (exam.day, exam.name))
    sessions = {0, *(draw.choice((7, 14, 28, 40, 60, 90, 120)) for _ in range(draw.choice((0, 1, 1, 2))))}
    end = max(1, exams[-1].day + draw.choice((0, 1, 30, 100, 183, 184, 300)))
    treated = draw.choice((None, None, None, draw.randint(5, 400)))
    return Course(sorted(sessions), exams, end, draw.random() < 0.4, treated)


def draw_lesions(draw: random.Random) -> list[Lesion]:
    """Lesions of the baseline."""
    targets = [
        {
            "lesion_id": f"T{number}",
            "lesion_kind": "target",
            "lymph_node": draw.choice(("no", "no", "no", "yes")),
            "organ": draw.choice(("liver", "liver", "lung")),
            "viable_diameter_mm": 10 * draw.randint(1, 5),
        }
        for number in range(draw.choice((0, 1, 1, 2, 2, 3, 6)))
    ]
    others = [
        {"lesion_id": f"X{n}", "lesion_kind": "non_target", "lymph_node": "no", "organ": draw.choice(("liver", "bone"))}
        for n in range(draw.randint(0 if targets else 1, 2))
    ]
    return [*targets, *others]


def draw_parts(draw: random.Random, start: int, lesions: list[Lesion]) -> list[tuple[int, list[Lesion]]]:
    """Days of the exams of an assessment, with the lesions that each shows: each in one part, in two or in none."""
    count = draw.choice((1, 1, 2, 2, 3))
    days = [start, *sorted(start + draw.choice((0, 1, 5, 13, 14, 15)) for _ in range(count - 1))]
    shown: list[list[Lesion]] = [[] for _ in days]
    trend = draw.choice(TRENDS)
    for lesion in lesions:
        times = draw.choices((0, 1, 2), (15, 70, 15))[0]
        for part in sorted({draw.randrange(count) for _ in range(times)}):
            shown[part].append(draw_finding(draw, lesion, trend) if start > 0 else at_baseline(lesion))
    if start > 0 and draw.random() < 0.1:
        shown[-1].append(draw_unknown(draw))
    return [(day if start > 0 else min(day, 0), found) for day, found in zip(days, shown, strict=True)]


def at_baseline(lesion: Lesion) -> Lesion:
    size = lesion.get("viable_diameter_mm")
    return {**lesion, "assessment": "present", **({"longest_diameter_mm": size + 5} if size else {})}


def draw_finding(draw: random.Random, lesion: Lesion, trend: float) -> Lesion:
    known = {name: cell for name, cell in lesion.items() if name != "viable_diameter_mm"}
    if lesion["lesion_kind"] == "non_target":
        states = (*["present"] * 4, *["absent"] * 5, "not_evaluable", "unequivocal_progression")
        return {**known, "assessment": draw.choice(states)}
    chance = draw.random()
    if chance < 0.3:
        return {**known, "assessment": "not_evaluable" if chance < 0.06 else "absent"}
    size = round(lesion["viable_diameter_mm"] * (trend if draw.random() < 0.8 else draw.choice(TRENDS)))
    sizes = {"viable_diameter_mm": size, "longest_diameter_mm": size + draw.choice((0, 2, 5))}
    return {**known, "assessment": "present", **sizes}


def draw_unknown(draw: random.Random) -> Lesion:
    """A lesion that the baseline does not know, labelled new or not."""
    return {
        "lesion_id": f"N{draw.randrange(2)}",
        "lesion_kind": draw.choice(("new", "new", "target", "non_target")),
        "lymph_node": "no",
        "organ": draw.choice(("liver", "bone")),
        "assessment": draw.choice(("present", "present", "equivocal")),
        "longest_diameter_mm": 12,
        "viable_diameter_mm": 12,
    }


def derive_courses(warehouse: Warehouse, courses: Mapping[str, Course]) -> None:
    """Fill and derive these courses."""
    feeds: dict[str, list[Lesion]] = {name: [] for name in ("exams", "lesions", "procedures", "visits", "treatments")}
    for patient, course in courses.items():
        of = {"patient_id": patient}
        for day in course.sessions:
            session = {"performed_on": on(day), "technique": "ctace", "territory": "whole_liver"}
            feeds["procedures"].append({**of, "procedure_id": f"{patient} {day}", **session})
        for exam in course.exams:
            key = {**of, "exam_id": f"{patient}-{exam.name}"}
            feeds["exams"].append({**key, "exam_date": on(exam.day), "modality": "CT"})
            feeds["lesions"] += [{**key, **row} for row in exam.lesions]
        end = on(course.end)
        state = {"vital_status": "dead", "death_date": end} if course.dead else {"vital_status": "alive"}
        feeds["visits"].append({**of, "visit_id": patient, "visit_date": end, **state})
        if course.treated:
            feeds["treatments"].append(
                {**of, "treatment_id": patient, "kind": "prrt", "started_on": on(course.treated)}
            )
    fill(warehouse, **feeds)
    make(warehouse, "derived.timepoint_response", "derived.best_response", "derived.survival_time")


def on(day: int) -> date:
    return DAY_0 + timedelta(days=day)


def select(warehouse: Warehouse, columns: str, table: str, where: str) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by patient, the columns that are dates as days after the first procedure."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    query = f"SELECT patient_id, {columns} FROM derived.{table} WHERE {where} ORDER BY 1, 2"
    for patient, *cells in warehouse.run_verbatim(query):
        found.setdefault(patient, []).append(
            tuple((cell - DAY_0).days if isinstance(cell, date) else cell for cell in cells)
        )
    return found


@pytest.fixture
def courses() -> dict[str, Course]:
    draw = random.Random(20)  # noqa: S311
    return {f"P{number:04}": draw_course(draw) for number in range(PATIENTS * TIMES)}


def test_responses_and_times_of_random_courses(warehouse: Warehouse, courses: dict[str, Course]) -> None:
    derive_courses(warehouse, courses)
    words = set()
    for criteria in TARGETS:
        by = f"criteria = '{criteria}'"
        judged = {name: responses(course, criteria) for name, course in courses.items()}
        words |= {response.overall for found in judged.values() for response in found}
        points = select(warehouse, "timepoint_date, exam_ids, response, response_date", "timepoint_response", by)
        assert points == {
            name: [(r.first, r.exams.replace("E", f"{name}-E"), r.overall, r.day) for r in found]
            for name, found in judged.items()
            if found
        }
        for confirmed in (False, True):
            bests = select(
                warehouse, "response, first_response_date", "best_response", f"{by} AND confirmed = {confirmed}"
            )
            assert bests == {
                name: [best(courses[name], found, confirmed=confirmed)] for name, found in judged.items() if found
            }
        assert times(warehouse, f"{by} AND endpoint = 'pfs' AND rule = 'study'") == {
            name: study_time(courses[name], found) for name, found in judged.items()
        }
        assert times(warehouse, f"{by} AND endpoint = 'pfs' AND rule = 'fda'") == {
            name: fda_time(courses[name], found) for name, found in judged.items()
        }
        assert times(warehouse, f"{by} AND endpoint = 'time_to_hepatic_progression'") == {
            name: study_time(course, responses(course, criteria, is_of_liver)) for name, course in courses.items()
        }
        for endpoint, confirmed in (("duration_of_response", False), ("duration_of_confirmed_response", True)):
            begun = {name: best(courses[name], found, confirmed=confirmed)[1] for name, found in judged.items()}
            assert times(warehouse, f"{by} AND endpoint = '{endpoint}' AND rule = 'fda'") == {
                name: fda_time(courses[name], judged[name], start) for name, start in begun.items() if start is not None
            }
    assert words == {"CR", "PR", "SD", "PD", "NE", "NON_CR_NON_PD"}


def times(warehouse: Warehouse, where: str) -> dict[str, tuple[int, bool]]:
    return {name: (row[0], row[1]) for name, [row] in select(warehouse, "days, event", "survival_time", where).items()}
