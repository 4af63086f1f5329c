"""What columns say beside the months before: what is usual, what is unusual, and what is not told of few patients."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from include.warehouse import Warehouse
from include.warehouse.frames import append
from tests.support.ledger import deliver
from tests.support.marts import refresh_only
from tests.support.warehouses import on_duckdb

LATEST = date(2020, 10, 1)
STEADY = [(40, 40)] * 16
Counts = Sequence[tuple[int, int]]


@pytest.fixture(autouse=True)
def _file_of_the_night(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", date(2020, 10, 20), "loaded", feed="visits")


def month(back: int) -> date:
    """The month so many before the latest."""
    months = LATEST.year * 12 + LATEST.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def count(
    warehouse: Warehouse, told: Counts, measure: str = "filled", code: str = "", values: Sequence[float] = ()
) -> None:
    """Patients and denominator of months, the latest last."""
    same = {
        "feed": "visits",
        "site": "north",
        "column_name": "flushing",
        "analyte": "",
        "measure": measure,
        "code": code,
    }
    rows: list[dict[str, Any]] = []
    for place, (patients, denominator) in enumerate(told):
        back = len(told) - 1 - place
        value = values[place] if values else None
        counted = {"month": month(back).isoformat(), "patients": patients, "denominator": denominator, "value": value}
        rows.append({**same, **counted})
    append(warehouse, "resolved.column_count", rows)


def told(warehouse: Warehouse, measure: str = "filled", code: str = "") -> list[tuple[Any, ...]]:
    """Value, usual value and state, the latest month first."""
    refresh_only(warehouse, "column_month", "column_usual")
    asked = f"""SELECT value, usual_value, state FROM marts.column_usual
        WHERE measure = '{measure}' AND code = '{code}' ORDER BY month DESC"""
    return [tuple(row) for row in warehouse.run(asked)]


@pytest.mark.parametrize(
    ("latest", "state"),
    [((35, 40), "low"), ((37, 40), "usual"), ((0, 40), "low")],
    ids=["beyond the threshold", "within it", "none left"],
)
def test_a_share_is_unusual_beyond_the_threshold(warehouse: Warehouse, latest: tuple[int, int], state: str) -> None:
    count(warehouse, [*STEADY, latest])

    assert told(warehouse)[0] == (100.0 * latest[0] / latest[1], 100, state)


def test_a_month_of_nobody_has_no_value(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_CELL", "0")
    count(warehouse, [*STEADY, (0, 0)])

    assert told(warehouse)[0] == (None, None, "withheld")


def test_usual_is_the_median_of_the_months_before_and_a_share_may_vary_as_it_did(warehouse: Warehouse) -> None:
    shares = [(10, 40), (30, 40)] * 8
    count(warehouse, [*shares, (38, 40)])

    assert told(warehouse)[0] == (95, 50, "usual")


def test_what_is_allowed_is_told_beside_what_is_usual(warehouse: Warehouse) -> None:
    count(warehouse, [*STEADY, (39, 40), (35, 40), (40, 40)])
    refresh_only(warehouse, "column_month", "column_usual")
    select = "SELECT state, usual_low, value, usual_high FROM marts.column_usual WHERE usual_value IS NOT NULL"

    assert {state: low <= value <= high for state, low, value, high in warehouse.run(select)} == {
        "usual": True,
        "low": False,
    }


def test_what_is_usual_is_told_after_enough_months_with_enough_patients(warehouse: Warehouse) -> None:
    count(warehouse, [(9, 9), *STEADY[:13], (10, 40)])
    assert told(warehouse)[0] == (25, None, "too_few")

    warehouse.run("DELETE FROM resolved.column_count")
    count(warehouse, [*STEADY[:14], (10, 40)])
    assert told(warehouse)[:2] == [(25, 100, "low"), (100, None, "too_few")]


def test_a_month_of_few_patients_is_not_judged(warehouse: Warehouse) -> None:
    count(warehouse, [*STEADY, (1, 9)])

    assert told(warehouse)[0][2] == "too_few"


@pytest.mark.parametrize(("day", "state"), [(date(2020, 10, 31), "not_over"), (date(2020, 11, 1), "low")])
def test_a_month_is_judged_once_an_extract_from_after_it_is_loaded(warehouse: Warehouse, day: date, state: str) -> None:
    deliver(warehouse, "L2", day, "loaded", feed="visits", site="north")
    deliver(warehouse, "L3", date(2020, 11, 9), "loaded", feed="visits", site="south")
    refresh_only(warehouse, "feed_freshness")
    count(warehouse, [*STEADY, (10, 40)])

    assert told(warehouse)[0] == (25, 100, state)


def test_a_code_that_nobody_has_any_more_is_low(warehouse: Warehouse) -> None:
    count(warehouse, [*STEADY, (40, 40)])
    count(warehouse, [*STEADY, (0, 40)], "code", "none")

    assert told(warehouse, "code", "none")[0] == (0, 100, "low")


@pytest.mark.parametrize(("latest", "state"), [(12.5, "high"), (11.9, "usual"), (7.9, "low")])
def test_a_median_is_unusual_beyond_a_part_of_the_usual_one(warehouse: Warehouse, latest: float, state: str) -> None:
    count(warehouse, [(40, 40)] * 17, "median", values=[10.0] * 16 + [latest])

    assert told(warehouse, "median")[0] == (latest, 10, state)


@pytest.mark.parametrize("few", [1, 3, 5])
def test_few_patients_are_told_alike_whether_there_are_some_or_none(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setenv("SMALL_CELL", "5")
    seen = []
    for patients in (few, 0):
        warehouse.run("DELETE FROM resolved.column_count")
        count(warehouse, [*STEADY, (40, 40)])
        count(warehouse, [(38, 40)] * 16 + [(40 - patients, 40)], "code", "none")
        count(warehouse, [(patients, 40)] * 17, "code", "dominant")
        count(warehouse, [(patients, patients)] * 17, "median", values=[61.25] * 17)
        refresh_only(warehouse, "column_month", "column_usual")
        marts = ("column_month", "column_usual")
        asked = "SELECT * FROM marts.{} WHERE measure <> 'code' OR code = 'dominant' ORDER BY measure, month"
        seen.append([[row[:-3] for row in warehouse.run(asked.format(mart))] for mart in marts])

    assert seen[0] == seen[1]
    assert not any(61.25 in row for mart in seen[0] for row in mart)


def test_told_shares_are_made_of_told_counts_alone(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_CELL", "5")
    count(warehouse, [*STEADY, (33, 44)])
    count(warehouse, [*STEADY, (33, 33)], "median", values=[61.253] * 17)

    assert told(warehouse)[0] == (75, 100, "low")
    assert told(warehouse, "median")[0] == (61, 61, "usual")
    counts = "SELECT patients, denominator FROM marts.column_usual WHERE measure = 'filled' ORDER BY month DESC"
    assert tuple(next(iter(warehouse.run(counts)))) == (30, 40)


def test_a_share_is_not_unusual_by_less_than_its_counts_are_blunted(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_CELL", "5")
    count(warehouse, [(14, 14)] * 16 + [(9, 14)])

    assert told(warehouse)[0] == (50, 100, "usual")


@on_duckdb
def test_an_unusual_month_is_an_alarm_of_its_column_without_a_value(warehouse: Warehouse) -> None:
    count(warehouse, [*STEADY, (10, 40)])
    count(warehouse, [(40, 40)] * 17, "median", values=[61.0] * 16 + [610.0])
    told(warehouse)

    lines = [alarm_line(alarm) for alarm in current_alarms(warehouse) if alarm.cause == "column_unusual"]
    assert lines == [
        "north/visits.flushing: unusual in the month that begins on 2020-10-01: the share that is filled, 1 medians"
    ]


@on_duckdb
def test_a_month_that_is_not_over_is_none_of_the_latest_that_are_alarms(warehouse: Warehouse) -> None:
    deliver(warehouse, "L2", date(2020, 10, 31), "loaded", feed="visits", site="north")
    refresh_only(warehouse, "feed_freshness")
    count(warehouse, [*STEADY, (10, 40), (40, 40), (10, 40)])
    told(warehouse)

    (alarm,) = [alarm for alarm in current_alarms(warehouse) if alarm.cause == "column_unusual"]
    assert "2020-08-01" in alarm_line(alarm)


@on_duckdb
def test_a_month_that_is_long_past_is_no_alarm(warehouse: Warehouse) -> None:
    count(warehouse, [*STEADY, (10, 40), (40, 40), (40, 40)])
    assert "low" in {state for _, _, state in told(warehouse)}

    assert [alarm for alarm in current_alarms(warehouse) if alarm.cause == "column_unusual"] == []
