"""Follow-up: the last date on which anything is known of a patient.

Every case is a patient of one registry with a first procedure on 1 January 2010; the data cut-off is two
years later. Expected: first procedure, last contact, days, vital status, feed and key of the row, stale from.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from include.derivation import derive_touched
from include.warehouse import Warehouse, open_warehouse, prepare
from tests.conftest import new_database
from tests.support.clinical import fill

FIRST = date(2010, 1, 1)
LAST = date(2011, 5, 6)
START = date(2010, 2, 1)
LATE = date(2012, 3, 4)
DIAGNOSED = date(2009, 1, 1)
Case = tuple[list[tuple[str, dict[str, Any]]], tuple[Any, ...]]


def treated(*rows: tuple[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The rows of a patient who had a first procedure."""
    return [("procedures", {"procedure_id": "first", "performed_on": FIRST}), *rows]


def seen_in(feed: str, **row: Any) -> Case:
    """A patient last heard of in one feed."""
    return treated((feed, row)), (FIRST, LAST, 490, "alive", feed, "last", None)


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
        (FIRST, date(2011, 4, 1), 455, "dead", "visits", "v1", None),
    ),
    "of two reports of a death the later one tells": (
        treated(dead(START, START), dead(LAST, date(2010, 1, 31), "v2")),
        (FIRST, date(2010, 1, 31), 30, "dead", "visits", "v2", None),
    ),
    "an untreated patient has a last contact and no time": (
        [("patients", {"diagnosis_date": DIAGNOSED, "liver_metastases_date": START})],
        (None, START, None, "alive", "patients", "", None),
    ),
    "negative time has no days": (
        treated(dead(LAST, date(2009, 12, 31))),
        (FIRST, date(2009, 12, 31), None, "dead", "visits", "v1", None),
    ),
    "a date after the cut-off waits": (
        treated(("treatments", {"treatment_id": "planned", "started_on": START, "ended_on": LATE})),
        (FIRST, START, 31, "alive", "treatments", "planned", LATE),
    ),
    "a cancelled row tells nothing": (
        treated(("exams", {"exam_id": "withdrawn", "exam_date": LAST, "status": "cancelled"})),
        (FIRST, FIRST, 0, "alive", "procedures", "first", None),
    ),
}


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def derived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A registry in which every case is a patient, derived once on each engine."""
    if request.param == "duckdb":
        url = f"duckdb:///{tmp_path_factory.mktemp('follow_up') / 'registry.duckdb'}"
    else:
        url = new_database(request.getfixturevalue("postgres_server"))
    with open_warehouse(url) as warehouse:
        prepare(warehouse)
        for name, day, state in (("a", date(2012, 1, 1), "loaded"), ("b", date(2013, 1, 1), "received")):
            insert = "INSERT INTO ops.load (load_id, batch_date, state) VALUES (:name, :day, :state)"
            warehouse.run(insert, name=name, day=day, state=state)
        feeds: dict[str, list[dict[str, Any]]] = {}
        for case, (rows, _) in CASES.items():
            for feed, row in rows:
                keys = {name: f"{case}/{value}" for name, value in row.items() if name.endswith("_id")}
                feeds.setdefault(feed, []).append({**row, **keys, "patient_id": case})
        fill(warehouse, **feeds)
        derive_touched(warehouse)
        yield warehouse


@pytest.mark.parametrize("case", CASES)
def test_follow_up(derived: Warehouse, case: str) -> None:
    select = (
        "SELECT first_procedure, last_contact, days, vital_status, source_table, source_id, stale_from "
        "FROM derived.follow_up WHERE patient_id = :case"
    )
    found = derived.run(select, case=case).one()
    assert (*found[:5], found[5].removeprefix(case).removeprefix("/"), found[6]) == CASES[case][1]


def test_months_are_days_over_30_4375(derived: Warehouse) -> None:
    found = derived.run("SELECT days, months FROM derived.follow_up WHERE days IS NOT NULL").all()
    assert [months for _, months in found] == pytest.approx([days / 30.4375 for days, _ in found], rel=1e-15)
