"""What a person sees who has to decide about a held file."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from include.basics.rounding import short
from include.people.asking.page import page_of
from include.warehouse import Warehouse
from tests.support.extracts import row
from tests.support.ledger import deliver, judge, why
from tests.support.registry import Registry, duckdb_registry

__all__ = ["duckdb_registry"]

NIGHT = date(2026, 1, 5)
IMPOSSIBLE = "visits.weight_kg.impossible"
MISSING = "visits.visit_date.missing"


def hold(warehouse: Warehouse, code: str = "REG-399", **more: Any) -> None:
    """A file of 400 visits that is held."""
    held: dict[str, Any] = {"feed": "visits", "finished_at": datetime(2026, 1, 6, 2, 5), **why(code, "why")}
    deliver(warehouse, "L1", NIGHT, "held", 400, **held, **more)


def body(warehouse: Warehouse, note: str = "") -> str:
    """The page's text, with plain spaces."""
    found = page_of(warehouse, "L1", note)
    assert found is not None
    return found.body.replace("\N{NO-BREAK SPACE}", " ")


def test_the_headline_says_which_feed_and_night(warehouse: Warehouse) -> None:
    hold(warehouse)

    found = page_of(warehouse, "L1")

    assert found is not None
    assert found.subject == "visits of 2026-01-05: 400 rows are held (REG-399)"
    assert "File `L1.csv` of **clinic** (load `L1`) is held since 2026-01-06 02:05 UTC. **REG-399**: why." in found.body


def test_release_does_not_help_a_file_without_a_required_column(warehouse: Warehouse) -> None:
    hold(warehouse)
    warehouse.run("UPDATE ops.load SET reason = 'REG-302: failed file.columns.missing (missing: visit_date)'")

    assert "- **release**: **Does not help**: a required column is missing" in body(warehouse)


def test_rules_have_counts_and_the_trend_of_the_last_five_files(warehouse: Warehouse) -> None:
    hold(warehouse)
    judge(warehouse, "L1", IMPOSSIBLE, 400, 120, "fail", "critical")
    judge(warehouse, "L1", MISSING, 400, 0, "pass", "critical")
    for day in range(1, 8):
        deliver(warehouse, f"E{day}", NIGHT - timedelta(days=day), "loaded", 100, feed="visits")
        judge(warehouse, f"E{day}", IMPOSSIBLE, 100, day, "fail", "critical")

    (line,) = [line for line in body(warehouse).splitlines() if "weight_kg" in line]

    assert line.startswith(f"| `{IMPOSSIBLE}` The weight lies between 15 and 400 kg. | critical |")
    assert line.endswith("| critical | 120 of 400 | 30 % | 1 %, 2 %, 3 %, 4 %, 5 % |")
    assert MISSING not in body(warehouse)


def test_a_rule_that_every_row_fails_is_at_100_percent(warehouse: Warehouse) -> None:
    hold(warehouse)
    judge(warehouse, "L1", IMPOSSIBLE, 400, 400, "fail", "critical")
    judge(warehouse, "L1", MISSING, 400, 399, "fail", "critical")

    assert "| 400 of 400 | 100 % |" in body(warehouse)
    assert "| 399 of 400 | >99 % |" in body(warehouse)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.000012, "0.000012"), (0.456, "0.46"), (4, "4"), (9.96, "10"), (99.6, "100"), (12345, "12,345")],
)
def test_a_short_number_has_no_exponent(value: float, shown: str) -> None:
    assert short(value) == shown


def test_files_of_other_feeds_and_later_ones_are_no_trend(warehouse: Warehouse) -> None:
    hold(warehouse)
    judge(warehouse, "L1", IMPOSSIBLE, 400, 120, "fail", "critical")
    deliver(warehouse, "later", NIGHT + timedelta(days=1), "loaded", 100, feed="visits")
    judge(warehouse, "later", IMPOSSIBLE, 100, 50, "fail", "critical")

    assert "none yet" in body(warehouse)


def test_the_rows_are_compared_with_the_weekdays_median(warehouse: Warehouse) -> None:
    hold(warehouse)
    assert "too few earlier extracts" in body(warehouse)

    for week in range(1, 5):
        deliver(warehouse, f"W{week}", NIGHT - timedelta(weeks=week), "loaded", 100, feed="visits")

    assert "4 times the median of this weekday's last 4 extracts (100), which is **unusual**" in body(warehouse)


def test_a_long_list_of_rules_ends_with_how_many_more_there_are(warehouse: Warehouse) -> None:
    hold(warehouse)
    for number in range(13):
        judge(warehouse, "L1", f"visits.rule.r{number}", 400, 13, "fail", "critical")

    assert body(warehouse).count("visits.rule.r") == 10
    assert "And 3 more" in body(warehouse)


def test_a_file_without_rows_cannot_be_released(warehouse: Warehouse) -> None:
    hold(warehouse, "REG-301")
    assert "**release**: The file is loaded all the same" in body(warehouse)

    warehouse.run("UPDATE ops.load SET rows_received = 0")
    assert "**release**: **Not possible**" in body(warehouse)


def test_why_it_is_asked_again_stands_first(warehouse: Warehouse) -> None:
    hold(warehouse)

    assert body(warehouse, "REG-702: no reason.").startswith("**The last answer was not carried out.** REG-702")


def test_there_is_no_page_for_what_is_not_held(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", NIGHT, "loaded", 400)

    assert page_of(warehouse, "L1") is None
    assert page_of(warehouse, "another") is None


def test_no_value_and_no_key_is_on_the_page(duckdb_registry: Registry) -> None:
    secret = {"patient_id": "P-secret", "weight_kg": "777", "status": "secret-state"}
    rows = [row("visits", f"V-secret-{number}", **secret) for number in range(30)]
    report = duckdb_registry.deliver("visits", "2026-01-05", *rows, name="visits.csv")

    found = page_of(duckdb_registry.warehouse, report.load_id)

    assert found is not None
    assert "visits.weight_kg" in found.body
    assert not [word for word in ("secret", "777") if word in found.subject + found.body]
