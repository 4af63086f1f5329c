"""Courses drawn at random have the responses that the rules of the registry, written out in plain Python, give them."""

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from include.warehouse import Warehouse
from tests.pipeline.derivation.response_cases import Case, derive_cases, judged
from tests.support.clinical import Row

PATIENTS, EXAMS = 250, 5
TARGETS = {"mrecist": 2, "recist_1_1": 5}
DIAMETER = {"mrecist": "viable_diameter_mm", "recist_1_1": "longest_diameter_mm"}
STEPS = (0, 0, 0.5, 0.7, 0.9, 1, 1, 1.1, 1.2, 1.25)


def draw_case(draw: random.Random) -> Case:
    """A baseline and later exams; sizes are whole millimetres, so that shares of 0.7 and 1.2 are met exactly."""
    kinds = {f"T{n}": "target" for n in range(draw.randint(0, 4))} | {
        f"X{n}": "non_target" for n in range(draw.randint(0, 2))
    }
    kinds = kinds or {"T0": "target"}
    nodes = {name: "yes" if draw.random() < 0.2 else "no" for name in kinds}
    first = {name: 10 * draw.randint(1, 6) for name in kinds}
    exams = [[_seen(draw, name, kind, nodes[name], first[name], at_baseline=True) for name, kind in kinds.items()]]
    for _ in range(EXAMS - 1):
        found = [_seen(draw, name, kind, nodes[name], first[name]) for name, kind in kinds.items()]
        if draw.random() < 0.15:
            found.append({"lesion_id": "N", "lesion_kind": "new", "assessment": draw.choice(["present", "equivocal"])})
        exams.append(found)
    return exams


def _seen(
    draw: random.Random, name: str, kind: str, node: str, first: int, *, at_baseline: bool = False
) -> dict[str, Any]:
    row: dict[str, Any] = {"lesion_id": name, "lesion_kind": kind, "lymph_node": node, "assessment": "present"}
    if kind == "non_target":
        states = ["present"] * 4 + ["absent"] * 4 + ["not_evaluable", "unequivocal_progression"]
        return row if at_baseline else {**row, "assessment": draw.choice(states)}
    if at_baseline:
        return {**row, "longest_diameter_mm": first + 5, "viable_diameter_mm": first}
    chance = draw.random()
    if chance < 0.1:
        return {**row, "assessment": "not_evaluable"}
    if chance < 0.3:
        return {**row, "assessment": "absent"}
    viable = round(first * draw.choice(STEPS))
    return {**row, "longest_diameter_mm": viable + draw.choice((0, 2, 5)), "viable_diameter_mm": viable}


def responses(case: Case, criteria: str) -> list[str | None]:
    """Overall response at each exam after the baseline."""
    baseline = case[0]
    labelled = [row for row in baseline if row["lesion_kind"] == "target"]
    labelled.sort(key=lambda row: (-row[DIAMETER[criteria]], row["lesion_id"]))
    targets = {row["lesion_id"] for row in labelled[: TARGETS[criteria]]}
    start = sum(row[DIAMETER[criteria]] for row in labelled[: TARGETS[criteria]])
    nadir, found = start, []
    for exam in case[1:]:
        read = [row for row in exam if row["lesion_id"] in targets]
        sizes = [size(row, criteria) for row in read]
        target = target_response(read, sizes, Fraction(start), Fraction(nadir), criteria) if targets else None
        others = [row for row in exam if row["lesion_id"] not in targets and row["lesion_kind"] != "new"]
        new = any(row["lesion_kind"] == "new" and row["assessment"] == "present" for row in exam)
        back = "CR" in found and any(is_there(row, criteria) for row in exam if row["lesion_kind"] != "new")
        found.append("PD" if back else overall(target, non_target_response(others, criteria), new))
        if None not in sizes:
            nadir = min(nadir, sum(filter(None, sizes)))
    return found


def size(row: Row, criteria: str) -> int | None:
    if row["assessment"] == "absent":
        return 0
    measured: int | None = row.get(DIAMETER[criteria])
    return measured


def gone(row: Row, criteria: str) -> bool:
    if row["assessment"] == "absent" or size(row, criteria) == 0:
        return True
    measured = size(row, criteria)
    return criteria == "recist_1_1" and row["lymph_node"] == "yes" and measured is not None and measured < 10


def is_there(row: Row, criteria: str) -> bool:
    small_node = row["lymph_node"] == "yes" and row.get("longest_diameter_mm", 10) < 10
    return row["assessment"] in ("present", "unequivocal_progression") and not gone(row, criteria) and not small_node


def target_response(
    read: Sequence[Row], sizes: Sequence[int | None], start: Fraction, nadir: Fraction, criteria: str
) -> str:
    complete = None not in sizes
    if complete and all(gone(row, criteria) for row in read):
        return "CR"
    total = sum(filter(None, sizes))
    grown = total > nadir and total >= Fraction(6, 5) * nadir
    if grown and (criteria == "mrecist" or total - nadir >= 5):
        return "PD"
    if not complete:
        return "NE"
    return "PR" if total <= Fraction(7, 10) * start else "SD"


def non_target_response(others: Sequence[Row], criteria: str) -> str | None:
    states = {row["assessment"] for row in others}
    if not others:
        return None
    if "unequivocal_progression" in states:
        return "PD"
    if "not_evaluable" in states:
        return "NE"
    return "CR" if all(gone(row, criteria) for row in others) else "NON_CR_NON_PD"


def overall(target: str | None, non_target: str | None, new: bool) -> str | None:
    if new or "PD" in (target, non_target):
        return "PD"
    if target is None:
        return non_target
    return "PR" if target == "CR" and non_target in ("NON_CR_NON_PD", "NE") else target


def test_responses_of_random_courses(warehouse: Warehouse) -> None:
    draw = random.Random(20)  # noqa: S311
    cases = {f"p{number:03}": draw_case(draw) for number in range(PATIENTS)}
    derive_cases(warehouse, cases)
    for criteria in TARGETS:
        found = judged(warehouse, criteria)
        expected = {name: responses(case, criteria) for name, case in cases.items()}
        assert {word for words in expected.values() for word in words} == {
            "CR",
            "PR",
            "SD",
            "PD",
            "NE",
            "NON_CR_NON_PD",
        }
        wrong = [name for name in cases if found[name] != expected[name]]
        assert wrong == [], (cases[wrong[0]], found[wrong[0]], expected[wrong[0]])
