"""Follow-up: the last date on which anything is known of a patient.

Every case is a patient of one registry with a first procedure on 1 January 2010. Expected: first procedure, last
contact, days, vital status, feed and key of the row.
"""

from datetime import date
from typing import Any

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import fill
from tests.support.making import make

FIRST = date(2010, 1, 1)
LAST = date(2011, 5, 6)
START = date(2010, 2, 1)
DIAGNOSED = date(2009, 1, 1)
Case = tuple[list[tuple[str, dict[str, Any]]], tuple[Any, ...]]


def treated(*rows: tuple[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The rows of a patient who had a first procedure."""
    return [("procedures", {"procedure_id": "first", "performed_on": FIRST}), *rows]


def seen_in(feed: str, **row: Any) -> Case:
    """A patient last heard of in one feed."""
    return treated((feed, row)), (FIRST, LAST, 490, "alive", feed, "last")


def dead(visit: date, death: date, name: str = "v1") -> tuple[str, dict[str, Any]]:
    """A visit that reports a death."""
    return "visits", {"visit_id": name, "visit_date": visit, "vital_status": "dead", "death_date": death}


CASES: dict[str, Case] = {
    "results": seen_in("results", result_id="last", collected_at="2011-05-06 23:30:00"),
    "exams": seen_in("exams", exam_id="last", exam_date=LAST),
    "procedures": seen_in("procedures", procedure_id="last", performed_on=LAST),
    "reports": seen_in("reports", report_id="last", reported_on=LAST),
    "visits": seen_in("visits", visit_id="last", visit_date=LAST, vital_status="alive"),
    "treatments": seen_in("treatments", treatment_id="last", started_on=START, ended_on=LAST),
    "adverse events": seen_in("adverse_events", event_id="last", onset_date=LAST),
    "death is the last contact, whatever was written later": (
        treated(dead(LAST, date(2011, 4, 1))),
        (FIRST, date(2011, 4, 1), 455, "dead", "visits", "v1"),
    ),
    "of two reports of a death the later one tells": (
        treated(dead(START, START), dead(LAST, date(2010, 1, 31), "v2")),
        (FIRST, date(2010, 1, 31), 30, "dead", "visits", "v2"),
    ),
    "an untreated patient has a last contact and no time": (
        [("patients", {"diagnosis_date": DIAGNOSED, "liver_metastases_date": START})],
        (None, START, None, "alive", "patients", ""),
    ),
    "negative time has no days": (
        treated(dead(LAST, date(2009, 12, 31))),
        (FIRST, date(2009, 12, 31), None, "dead", "visits", "v1"),
    ),
    "a cancelled row tells nothing": (
        treated(("exams", {"exam_id": "withdrawn", "exam_date": LAST, "status": "cancelled"})),
        (FIRST, FIRST, 0, "alive", "procedures", "first"),
    ),
}


@pytest.fixture(scope="module")
def derived(module_warehouse: Warehouse) -> Warehouse:
    """A registry in which every case is a patient, derived once on each engine."""
    feeds: dict[str, list[dict[str, Any]]] = {}
    for case, (rows, _) in CASES.items():
        for feed, row in rows:
            keys = {name: f"{case}/{value}" for name, value in row.items() if name.endswith("_id")}
            feeds.setdefault(feed, []).append({**row, **keys, "patient_id": case})
    fill(module_warehouse, **feeds)
    make(module_warehouse, "derived.follow_up")
    return module_warehouse


@pytest.mark.parametrize("case", CASES)
def test_follow_up(derived: Warehouse, case: str) -> None:
    select = (
        "SELECT first_procedure, last_contact, days, vital_status, source_table, source_id "
        "FROM derived.follow_up WHERE patient_id = :case"
    )
    found = derived.run(select, case=case).one()
    assert (*found[:5], found[5].removeprefix(case).removeprefix("/")) == CASES[case][1]


def test_months_are_days_over_30_4375(derived: Warehouse) -> None:
    found = derived.run("SELECT days, months FROM derived.follow_up WHERE days IS NOT NULL").all()
    assert [months for _, months in found] == pytest.approx([days / 30.4375 for days, _ in found], rel=1e-15)
