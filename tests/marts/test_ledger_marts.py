"""What the monitor reads of the ledger: rules by day, and how fresh each feed is."""

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from include import expectations
from include.marts import refresh_stale
from include.warehouse import Warehouse
from include.warehouse.frames import append
from tests.support.clinical import rows

COUNTS = (
    "rows_received",
    "rows_loaded",
    "rows_updated",
    "rows_unchanged",
    "rows_quarantined",
    "rows_waiting",
)


def deliver(warehouse: Warehouse, load_id: str, day: date, state: str, *counts: int) -> None:
    row: dict[str, Any] = dict(zip(COUNTS, counts, strict=False))
    row |= {"load_id": load_id, "source": "laboratory", "feed": "results", "batch_date": day, "state": state}
    row["finished_at"] = datetime(day.year, day.month, day.day, 23) if state == "loaded" else None
    append(warehouse, "ops.load", pd.DataFrame([row], dtype=object))


def judge(warehouse: Warehouse, load_id: str, rule: str, checked: int, failed: int, status: str) -> None:
    row = {
        "load_id": load_id,
        "rule_id": rule,
        "severity": "warning",
        "rows_checked": checked,
        "rows_failed": failed,
    }
    append(warehouse, "ops.validation_result", pd.DataFrame([{**row, "status": status}], dtype=object))


def test_the_rules_of_a_day_are_added_up_over_its_files(warehouse: Warehouse) -> None:
    day = date(2026, 1, 5)
    for load_id, state in (("one", "loaded"), ("two", "held"), ("old", "superseded")):
        deliver(warehouse, load_id, day, state)
    judge(warehouse, "one", "R1", 30, 3, "pass_with_failures")
    judge(warehouse, "two", "R1", 10, 0, "pass")
    judge(warehouse, "old", "R1", 99, 99, "fail")
    judge(warehouse, "one", "R2", 0, 0, "not_applicable")
    warehouse.count_step("load")
    refresh_stale(warehouse)
    found = rows(
        warehouse,
        "SELECT batch_date, rule_id, rows_checked, rows_failed, percent, status "
        "FROM marts.validation_summary ORDER BY rule_id",
    )
    assert found == [(day, "R1", 40, 3, 7.5, "pass_with_failures"), (day, "R2", 0, 0, None, "not_applicable")]


def test_a_feed_is_as_fresh_as_its_latest_loaded_extract(warehouse: Warehouse) -> None:
    deliver(warehouse, "first", date(2026, 1, 5), "loaded", 10, 6, 1, 1, 1, 1)
    deliver(warehouse, "second", date(2026, 1, 6), "loaded", 4, 0, 0, 4, 0, 0)
    deliver(warehouse, "third", date(2026, 1, 7), "held")
    warehouse.count_step("load")
    refresh_stale(warehouse)
    found = rows(
        warehouse,
        "SELECT last_batch_date, last_loaded_at, rows_received, rows_loaded, rows_updated, rows_unchanged, "
        "rows_quarantined, rows_waiting, last_rows_received, files_held "
        "FROM marts.feed_freshness",
    )
    assert found == [(date(2026, 1, 6), datetime(2026, 1, 6, 23), 14, 6, 1, 5, 1, 1, 4, 1)]


def test_the_catalogue_counts_four_weeks_and_shows_rules_that_never_fire(warehouse: Warehouse) -> None:
    latest = date(2026, 3, 29)
    days = {"old": latest - timedelta(days=28), "first": latest - timedelta(days=27), "last": latest}
    for load_id, day in days.items():
        deliver(warehouse, load_id, day, "loaded")
    judge(warehouse, "old", "results.value.unusual", 100, 9, "pass_with_failures")
    judge(warehouse, "first", "results.value.unusual", 30, 3, "pass_with_failures")
    judge(warehouse, "last", "results.value.unusual", 10, 0, "pass")
    judge(warehouse, "last", "results.unit.missing", 10, 0, "pass")
    judge(warehouse, "old", "results.unit.unknown", 10, 2, "fail")
    warehouse.count_step("load")
    refresh_stale(warehouse)
    found = rows(
        warehouse,
        "SELECT rule_id, feed, severity, context, rows_checked, rows_failed, percent, last_failed_on "
        "FROM marts.rule_catalogue WHERE feed = 'results' AND column_name IN ('value', 'unit') "
        "AND rule_id IN ('results.value.unusual', 'results.unit.missing', 'results.unit.unknown', "
        "'results.value.missing') ORDER BY rule_id",
    )
    assert found == [
        ("results.unit.missing", "results", "critical", "verification", 10, 0, 0.0, None),
        ("results.unit.unknown", "results", "critical", "validation", 0, 0, None, days["old"]),
        ("results.value.missing", "results", "critical", "verification", 0, 0, None, None),
        ("results.value.unusual", "results", "warning", "verification", 40, 3, 7.5, days["first"]),
    ]


def test_the_catalogue_holds_every_rule_with_its_words(warehouse: Warehouse) -> None:
    refresh_stale(warehouse)
    listed = {
        row[0]: row[1:] for row in rows(warehouse, "SELECT rule_id, description, remedy FROM marts.rule_catalogue")
    }
    assert listed == {
        rule.rule_id: (rule.settings["description"], rule.meta["remedy"]) for rule in expectations.read_rules()
    }
