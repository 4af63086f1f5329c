"""A column that a site fills less than it did is one alarm, whether it is lost at once or little by little."""

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd
import pytest

from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.sql import select_text
from tests.support.ledger import enter_file, enter_reading

FIRST = date(2026, 1, 1)
FULL = [100] * 20


def send(
    warehouse: Warehouse, shares: Iterable[float], rows: int = 100, first: int = 0, *, is_full: bool = False
) -> None:
    """Extracts of successive days, each with a share of its rows in which a column is filled, in percent."""
    filled, resolved = [], []
    for night, share in enumerate(shares, first):
        load_id = f"L{night}"
        enter_file(warehouse, load_id, "results", FIRST + timedelta(night), is_full=is_full)
        enter_reading(warehouse, load_id, rows)
        of_file = {"load_id": load_id, "reading": 1}
        resolved.append({**of_file, "feed": "results"})
        filled.append({**of_file, "column_name": "test_name", "rows_filled": round(rows * share / 100)})
    append(warehouse, "resolved.reading", pd.DataFrame(resolved))
    append(warehouse, "received.filled", pd.DataFrame(filled))


def told(warehouse: Warehouse) -> list[tuple[str, str]]:
    """Subject and day of the alarms."""
    found = warehouse.run(select_text("alarms/coverage"))
    return [(one.subject, one.batch_date.isoformat()) for one in found]


def day(night: int) -> str:
    return (FIRST + timedelta(night)).isoformat()


def test_a_column_that_is_lost_at_once_is_one_alarm_until_it_is_there_again(warehouse: Warehouse) -> None:
    send(warehouse, FULL)
    assert told(warehouse) == []
    for first, nights in ((20, 1), (21, 1), (22, 18)):
        send(warehouse, [0] * nights, first=first)
        assert told(warehouse) == [("results.test_name", day(20))]

    send(warehouse, [100], first=40)

    assert told(warehouse) == []


@pytest.mark.parametrize("lost", [1, 2, 5])
def test_a_column_that_is_lost_little_by_little_is_an_alarm(warehouse: Warehouse, lost: int) -> None:
    send(warehouse, FULL)
    send(warehouse, range(100, 40, -lost), first=20)

    [(subject, since)] = told(warehouse)

    assert subject == "results.test_name"
    assert since > day(20)


def test_a_column_of_small_extracts_is_an_alarm(warehouse: Warehouse) -> None:
    send(warehouse, FULL, rows=5)
    send(warehouse, [0] * 4, rows=5, first=20)

    assert [subject for subject, _ in told(warehouse)] == ["results.test_name"]


@pytest.mark.parametrize(
    "shares",
    [[3, 2, 4, 3, 2, 2, 3, 5, 4, 3] * 4, [3] * 20 + [1], [100, *[40] * 20], [90, 70, 85, 100, 75] * 8],
    ids=["a rare column", "few of a rare column", "a first extract of everything", "some more, some less"],
)
def test_what_is_as_usual_is_no_alarm(warehouse: Warehouse, shares: list[float]) -> None:
    send(warehouse, shares)

    assert told(warehouse) == []


def test_a_column_that_stays_half_lost_is_the_same_alarm(warehouse: Warehouse) -> None:
    send(warehouse, [90] * 40)

    for night in range(40, 50):
        send(warehouse, [50], first=night)
        assert told(warehouse) == [("results.test_name", day(40))]


def test_an_extract_of_one_row_ends_no_alarm(warehouse: Warehouse) -> None:
    send(warehouse, FULL)
    send(warehouse, [0] * 4, first=20)
    send(warehouse, [100], rows=1, first=24)

    assert told(warehouse) == [("results.test_name", day(20))]


def test_a_full_export_is_compared_with_full_exports(warehouse: Warehouse) -> None:
    for month in range(4):
        send(warehouse, [5] * 20, first=21 * month)
        send(warehouse, [40], rows=2000, first=21 * month + 20, is_full=True)
    assert told(warehouse) == []

    send(warehouse, [0], rows=2000, first=84, is_full=True)

    assert told(warehouse) == [("results.test_name", day(84))]


def test_a_kind_of_extract_that_comes_no_more_is_over(warehouse: Warehouse) -> None:
    send(warehouse, FULL)
    send(warehouse, [0], first=20)
    send(warehouse, [100] * 59, first=21, is_full=True)
    assert told(warehouse) == [("results.test_name", day(20))]

    send(warehouse, [100], first=80, is_full=True)

    assert told(warehouse) == []


@pytest.mark.parametrize(("nights", "rows", "left"), [(4, 20, 0), (4, 100, 0), (7, 50, 40), (12, 20, 10)])
def test_the_alarm_of_a_new_site_is_one(warehouse: Warehouse, nights: int, rows: int, left: int) -> None:
    send(warehouse, [100] * nights, rows=rows)

    for night, more in ((0, 1), (1, 6), (7, 3), (10, 4), (14, 16)):
        send(warehouse, [left] * more, rows=rows, first=nights + night)
        assert told(warehouse) == [("results.test_name", day(nights))]

    send(warehouse, [100], rows=rows, first=nights + 30)

    assert told(warehouse) == []


def test_a_loss_that_the_site_confirms_is_no_alarm_and_a_later_one_is(warehouse: Warehouse) -> None:
    send(warehouse, FULL)
    send(warehouse, [50] * 9, first=20)
    assert told(warehouse) == [("results.test_name", day(20))]

    confirmed = {"site": "", "feed": "results", "column_name": "test_name", "valid_from": FIRST + timedelta(20)}
    append(warehouse, "ops.changed_column", [{**confirmed, "decided_by": "me"}])
    assert told(warehouse) == []

    send(warehouse, [0], first=29)
    assert told(warehouse) == [("results.test_name", day(29))]
