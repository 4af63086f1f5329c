"""Volume and freshness are judged where they are read: by weekday and band, by deadline and clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import rows
from tests.support.ledger import deliver, set_threshold
from tests.support.warehouses import on_duckdb

MONDAY = date(2026, 1, 5)
VOLUME = "rows_received, earlier_extracts, median_rows, ratio, in_band"


def weeks(warehouse: Warehouse, *counts: int) -> date:
    """Extracts of one feed, a week apart; the day of the last."""
    for week, count in enumerate(counts):
        deliver(warehouse, f"week-{week}", MONDAY + timedelta(weeks=week), "loaded", count)
    return MONDAY + timedelta(weeks=len(counts) - 1)


def volume_of(warehouse: Warehouse, day: date) -> tuple[object, ...]:
    """What the view says of the extract of one day."""
    (found,) = rows(warehouse, f"SELECT {VOLUME} FROM ops.volume WHERE batch_date = '{day}'")
    return found


@on_duckdb
@pytest.mark.parametrize(("count", "in_band"), [(49, False), (50, True), (200, True), (201, False)])
def test_an_extract_is_in_its_band_up_to_the_limits(warehouse: Warehouse, count: int, in_band: bool) -> None:
    day = weeks(warehouse, 90, 100, 110, count)

    assert volume_of(warehouse, day) == (count, 3, 100, count / 100, in_band)


def test_too_few_earlier_extracts_say_nothing(warehouse: Warehouse) -> None:
    assert volume_of(warehouse, weeks(warehouse, 90, 110, 1)) == (1, 2, 100, 0.01, None)
    assert volume_of(warehouse, MONDAY) == (90, 0, None, None, None)


@on_duckdb
def test_a_day_without_rows_is_a_quiet_one_and_measures_no_other(warehouse: Warehouse) -> None:
    day = weeks(warehouse, 90, 100, 110, 0, 100)

    assert volume_of(warehouse, day - timedelta(weeks=1)) == (0, 3, 100, 0, None)
    assert volume_of(warehouse, day) == (100, 3, 100, 1, True)


def test_only_the_last_eight_of_the_weekday_count(warehouse: Warehouse) -> None:
    day = weeks(warehouse, 5000, 5000, *[100] * 8, 120)
    deliver(warehouse, "tuesday", MONDAY + timedelta(days=1), "loaded", 7)

    assert volume_of(warehouse, day) == (120, 8, 100, 1.2, True)
    assert volume_of(warehouse, MONDAY + timedelta(days=1)) == (7, 0, None, None, None)


def test_a_held_file_counts_for_its_day_and_measures_no_other(warehouse: Warehouse) -> None:
    weeks(warehouse, 100, 100, 100)
    held, later = MONDAY + timedelta(weeks=3), MONDAY + timedelta(weeks=4)
    deliver(warehouse, "held", held, "held", 9)
    deliver(warehouse, "gone", held, "superseded", 100)
    deliver(warehouse, "no", later, "rejected", 100)
    deliver(warehouse, "later", later, "loaded", 80)

    assert volume_of(warehouse, held) == (9, 3, 100, 0.09, False)
    assert volume_of(warehouse, later) == (80, 3, 100, 0.8, True)


def replace(warehouse: Warehouse, day: date, *states: str) -> None:
    """Contents of 100 rows that came one after the other at the same place."""
    for delivery, state in enumerate(states, 1):
        deliver(warehouse, f"content-{delivery}", day, state, 100, file_name="a.csv", delivery=delivery)


@on_duckdb
@pytest.mark.parametrize(
    ("states", "standing"),
    [
        (["loaded", "loaded"], ["content-2"]),
        (["loaded", "held"], ["content-2"]),
        (["loaded", "rejected"], ["content-1"]),
        (["rejected"], ["content-1"]),
        (["superseded", "loaded", "received"], ["content-2", "content-3"]),
    ],
)
def test_of_contents_at_one_place_the_last_one_stands(
    warehouse: Warehouse, states: list[str], standing: list[str]
) -> None:
    replace(warehouse, MONDAY, *states)

    assert rows(warehouse, "SELECT load_id FROM ops.standing_load ORDER BY 1") == [(load_id,) for load_id in standing]


def test_a_replaced_file_counts_once(warehouse: Warehouse) -> None:
    weeks(warehouse, 100, 100, 100)
    day = MONDAY + timedelta(weeks=3)
    replace(warehouse, day, "loaded", "loaded", "loaded")
    deliver(warehouse, "another file", day, "loaded", 20)

    assert volume_of(warehouse, day) == (120, 3, 100, 1.2, True)


def test_another_band_judges_what_is_stored_already(warehouse: Warehouse) -> None:
    day = weeks(warehouse, 100, 100, 100, 60)
    assert volume_of(warehouse, day)[-1] is True

    set_threshold(warehouse, "volume_band", low=0.8)
    assert volume_of(warehouse, day)[-1] is False

    set_threshold(warehouse, "volume_band", minimum_rows=4)
    assert volume_of(warehouse, day)[-1] is None


def freshness_of(warehouse: Warehouse, source: str) -> tuple[object, ...]:
    """What the view says of a department."""
    (found,) = rows(warehouse, f"SELECT last_batch_date, due_at, is_late FROM ops.freshness WHERE source = '{source}'")
    return found


def test_a_department_is_late_when_its_deadline_is_past(warehouse: Warehouse) -> None:
    today = datetime.now(UTC).date()
    set_threshold(warehouse, "freshness_deadline", high=36)
    deliver(warehouse, "old", today - timedelta(days=2), "loaded", 1)
    due = datetime.combine(today - timedelta(days=1), datetime.min.time()) + timedelta(hours=12)
    assert freshness_of(warehouse, "laboratory") == (today - timedelta(days=2), due, True)

    deliver(warehouse, "new", today, "held", 1)
    assert freshness_of(warehouse, "laboratory") == (today, due + timedelta(days=2), False)


def test_a_rejected_file_has_not_come_and_no_file_has_no_deadline(warehouse: Warehouse) -> None:
    deliver(warehouse, "rejected", date(2026, 1, 5), "rejected", 1)

    assert freshness_of(warehouse, "laboratory") == (None, None, None)
    assert len(rows(warehouse, "SELECT source FROM ops.freshness")) == 4
