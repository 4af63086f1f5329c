"""What the monitor reads of the ledger: rules by day, and how fresh each feed is."""

from datetime import date, datetime
from typing import Any

from include.warehouse import Warehouse
from tests.support.clinical import rows
from tests.support.ledger import deliver, judge, set_threshold
from tests.support.marts import refresh_only


def test_the_rules_of_a_day_are_added_up_over_its_files(warehouse: Warehouse) -> None:
    day = date(2026, 1, 5)
    for load_id, state in (("one", "loaded"), ("two", "held"), ("old", "superseded")):
        deliver(warehouse, load_id, day, state)
    judge(warehouse, "one", "R1", 30, 3, "pass_with_failures")
    judge(warehouse, "two", "R1", 10, 0, "pass")
    judge(warehouse, "old", "R1", 99, 99, "fail")
    judge(warehouse, "one", "R2", 0, 0, "not_applicable")
    refresh_only(warehouse, "validation_summary")
    found = rows(
        warehouse,
        "SELECT batch_date, rule_id, rows_checked, rows_failed, percent, status "
        "FROM marts.validation_summary ORDER BY rule_id",
    )
    assert found == [(day, "R1", 40, 3, 7.5, "pass_with_failures"), (day, "R2", 0, 0, None, "not_applicable")]


def replace(warehouse: Warehouse) -> None:
    """A file of 30 rows of which 3 fail, delivered again at the same place with one more that fails."""
    for delivery, failed in enumerate((3, 4), 1):
        more = {"file_name": "a.csv", "delivery": delivery, "rows_failing": failed}
        deliver(warehouse, f"L{delivery}", date(2026, 1, 5), "loaded", 30, 0, 0, 30 - failed, failed, 0, **more)
        judge(warehouse, f"L{delivery}", "results.value.missing", 30, failed, "fail", "critical")


def test_a_file_that_was_replaced_counts_once(warehouse: Warehouse) -> None:
    replace(warehouse)
    refresh_only(warehouse, "validation_summary", "rule_catalogue", "registry_indicator", "feed_freshness")

    assert rows(warehouse, "SELECT rows_failed, rows_checked FROM marts.validation_summary") == [(4, 30)]
    fired = "SELECT rows_failed, rows_checked FROM marts.rule_catalogue WHERE rows_checked > 0"
    assert rows(warehouse, fired) == [(4, 30)]
    passing = "SELECT numerator, denominator FROM marts.registry_indicator WHERE indicator = 'records_passing'"
    assert rows(warehouse, f"{passing} AND source = 'all'") == [(26, 30)]
    assert rows(warehouse, "SELECT rows_received, last_rows_received FROM marts.feed_freshness") == [(60, 30)]


def test_a_feed_is_as_fresh_as_its_latest_loaded_extract(warehouse: Warehouse) -> None:
    deliver(warehouse, "first", date(2026, 1, 5), "loaded", 10, 6, 1, 1, 1, 1)
    deliver(warehouse, "second", date(2026, 1, 6), "loaded", 4, 0, 0, 4, 0, 0)
    deliver(warehouse, "third", date(2026, 1, 7), "held")
    refresh_only(warehouse, "feed_freshness")
    found = rows(
        warehouse,
        "SELECT last_batch_date, last_loaded_at, rows_received, rows_loaded, rows_updated, rows_unchanged, "
        "rows_quarantined, rows_waiting, last_rows_received, files_held "
        "FROM marts.feed_freshness",
    )
    assert found == [(date(2026, 1, 6), datetime(2026, 1, 6, 23), 14, 6, 1, 5, 1, 1, 4, 1)]


def refreshed(warehouse: Warehouse, select: str) -> list[tuple[Any, ...]]:
    """Rows of a mart after something changed."""
    refresh_only(warehouse, "validation_summary", "feed_freshness")
    return rows(warehouse, select)


def test_a_rule_is_in_order_up_to_the_threshold_of_its_severity(warehouse: Warehouse) -> None:
    cases = {
        # rule: rows checked and failed, status, and whether it is in order
        "at the threshold": (100, 10, "pass_with_failures", True),
        "above it": (100, 11, "pass_with_failures", False),
        "too few rows to tell": (19, 5, "pass_with_failures", None),
        "few rows and none fails": (5, 0, "pass", True),
        "nothing to check": (0, 0, "not_applicable", None),
        "broken": (0, 0, "error", False),
    }
    set_threshold(warehouse, "failing_warning", high=10, minimum_rows=20)
    deliver(warehouse, "one", date(2026, 1, 5), "loaded")
    for rule_id, (checked, failed, status, _) in cases.items():
        judge(warehouse, "one", rule_id, checked, failed, status)

    found = refreshed(warehouse, "SELECT rule_id, in_order FROM marts.validation_summary")
    assert dict(found) == {rule_id: in_order for rule_id, (*_, in_order) in cases.items()}


def test_another_threshold_judges_the_same_counts_anew(warehouse: Warehouse) -> None:
    deliver(warehouse, "one", date(2026, 1, 5), "loaded")
    judge(warehouse, "one", "R1", 100, 15, "pass_with_failures")
    select = "SELECT threshold_percent, in_order FROM marts.validation_summary"
    set_threshold(warehouse, "failing_warning", high=10)
    assert refreshed(warehouse, select) == [(10, False)]

    set_threshold(warehouse, "failing_warning", high=20)
    assert refreshed(warehouse, select) == [(20, True)]


def test_rows_that_a_person_declared_right_are_counted_beside_those_that_failed(warehouse: Warehouse) -> None:
    deliver(warehouse, "one", date(2026, 1, 5), "loaded")
    judge(warehouse, "one", "R1", 30, 3, "fail", "critical", overridden=1)

    found = refreshed(warehouse, "SELECT rows_failed, rows_overridden FROM marts.validation_summary")
    assert found == [(3, 1)]


def test_a_feed_shows_the_deadline_of_its_department(warehouse: Warehouse) -> None:
    set_threshold(warehouse, "freshness_deadline", high=36)
    deliver(warehouse, "one", date(2026, 1, 5), "loaded", 10)
    deliver(warehouse, "two", date(2026, 1, 6), "loaded", 10, feed="exams")
    deliver(warehouse, "three", date(2026, 1, 7), "loaded", 10, feed="lesions")

    found = refreshed(warehouse, "SELECT feed, due_at, is_late FROM marts.feed_freshness ORDER BY feed")
    late = datetime(2026, 1, 8, 12)
    assert found == [("exams", late, True), ("lesions", late, True), ("results", datetime(2026, 1, 6, 12), True)]
