"""The night's report: what it says of a night, and what it never holds."""

import csv
import json
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from include.people.reporting.validation import write_report
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.drawing import sparkline
from include.people.reporting.validation.gather import SECTIONS, Night, gather
from include.people.reporting.validation.page import change, decimal, render_page
from include.running.cli.commands import main
from include.warehouse import Warehouse
from include.warehouse.frames import append
from tests.support.extracts import row
from tests.support.ledger import deliver, judge, set_threshold, why
from tests.support.marts import LEDGER_MARTS, refresh_only
from tests.support.registry import Registry

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
RULE = "results.value.impossible"


def report(warehouse: Warehouse, day: date | None = None) -> Night:
    """What a night's report is made of."""
    refresh_only(warehouse, *LEDGER_MARTS)
    night = gather(warehouse, day)
    assert night
    return night


def headline(night: Night) -> dict[str, int]:
    """What the headline says, by the section that it points to; lateness is of today and left out."""
    return {line.section: line.count for line in attention(night) if line.section not in ("freshness", "indicators")}


def test_the_latest_night_is_reported_and_any_other_on_demand(warehouse: Warehouse) -> None:
    deliver(warehouse, "mon", MONDAY, "loaded", 10, 7, 1, 1, 1, 0)
    deliver(warehouse, "tue", TUESDAY, "loaded", 4, 4, 0, 0, 0, 0)
    deliver(warehouse, "late", MONDAY, "loaded", 5, 5, 0, 0, 0, 0)

    assert report(warehouse).day == TUESDAY
    (feed,) = [entry for entry in report(warehouse, MONDAY).rows("feeds") if entry["files"]]
    assert (feed["feed"], feed["files"], feed["received"], feed["loaded"], feed["quarantined"]) == (
        "results",
        2,
        15,
        12,
        1,
    )


def test_a_file_that_was_replaced_is_one_file(warehouse: Warehouse) -> None:
    for delivery in (1, 2):
        name = {"file_name": "a.csv", "delivery": delivery}
        deliver(warehouse, f"L{delivery}", MONDAY, "loaded", 10, 0, 0, 10, 0, 0, **name)

    (feed,) = [entry for entry in report(warehouse).rows("feeds") if entry["files"]]
    assert (feed["files"], feed["received"], feed["unchanged"]) == (1, 10, 10)


def test_a_night_in_order_asks_for_nothing(warehouse: Warehouse) -> None:
    deliver(warehouse, "one", MONDAY, "loaded", 10, 10, 0, 0, 0, 0)

    assert headline(report(warehouse)) == {}


def test_held_files_and_open_rows_need_a_decision(warehouse: Warehouse) -> None:
    deliver(warehouse, "held", MONDAY, "held", 6, 0, 0, 0, 0, 6, **why("REG-302"))
    deliver(warehouse, "one", TUESDAY, "loaded", 10, 9, 0, 0, 1, 0)
    quarantined = [
        {"load_id": "one", "source": "laboratory", "feed": "results", "row_number": 1, "state": "open"},
        {"load_id": "one", "source": "laboratory", "feed": "results", "row_number": 2, "state": "waiting"},
        {"load_id": "one", "source": "laboratory", "feed": "results", "row_number": 3, "state": "corrected"},
    ]
    append(warehouse, "quarantine.record", pd.DataFrame(quarantined, dtype=object))

    night = report(warehouse)
    assert headline(night) == {"held": 1, "backlog": 1}
    assert {line.urgency for line in attention(night) if line.section in ("held", "backlog")} == {"decide"}
    assert [entry["load_id"] for entry in night.rows("held")] == ["held"]
    assert [(entry["state"], entry["records"]) for entry in night.rows("backlog")] == [("open", 1), ("waiting", 1)]


def test_an_indicator_off_target_is_named_with_its_month() -> None:
    missed = {"source": "all", "indicator": "records_passing", "month": date(2025, 11, 1), "meets_target": False}
    sections: dict[str, list[dict[str, Any]]] = {name: [] for name in SECTIONS} | {"indicators": [missed]}

    (line,) = attention(Night(MONDAY, datetime(2026, 1, 5, 6), sections))
    assert line.what == "indicator off target: records passing 2025-11"


def test_an_indicator_that_is_withheld_has_no_line_but_its_page() -> None:
    withheld = dict.fromkeys(("numerator", "denominator", "value", "target_low", "target_high", "meets_target"))
    rows = [
        {**withheld, "source": "all", "indicator": name, "month": date(2025, month, 1), "unit": "%"}
        for name in ("completeness", "completeness_stage", "completeness_weight", "duplicates")
        for month in (10, 11)
    ]
    rows[-1] |= {"value": 4.0, "numerator": 4, "denominator": 1000}
    sections: dict[str, list[dict[str, Any]]] = {name: [] for name in SECTIONS} | {"indicators": rows}

    page = render_page(Night(MONDAY, datetime(2026, 1, 5, 6), sections))
    assert (page.count("Withheld: few persons."), page.count("<circle")) == (1, 1)


def test_rows_that_do_not_add_up_are_told(warehouse: Warehouse) -> None:
    deliver(warehouse, "one", MONDAY, "loaded", 10, 9, 0, 0, 0, 0)

    assert headline(report(warehouse)) == {"feeds": 1}


def test_rows_of_the_backlog_stand_under_their_age(warehouse: Warehouse) -> None:
    for number, day in enumerate([date(2026, 3, 1), date(2026, 2, 27), date(2026, 2, 20), date(2026, 1, 1)]):
        deliver(warehouse, f"L{number}", day, "loaded", 1, 0, 0, 0, 1, 0)
        entry = {"load_id": f"L{number}", "source": "laboratory", "feed": "results", "row_number": 1, "state": "open"}
        append(warehouse, "quarantine.record", pd.DataFrame([entry], dtype=object))

    (backlog,) = report(warehouse).rows("backlog")
    ages = [backlog[name] for name in ("to_1_day", "to_7_days", "to_30_days", "over_30_days", "oldest_days")]
    assert ages == [1, 1, 1, 1, 59]
    assert (backlog["overdue"], backlog["owner"]) == (1, "registry office")


def test_rows_that_wait_too_long_for_their_patient_are_named(warehouse: Warehouse) -> None:
    deliver(warehouse, "old", date(2026, 1, 1), "loaded", 2, 0, 0, 0, 0, 2)
    deliver(warehouse, "new", date(2026, 3, 1), "loaded", 1, 1, 0, 0, 0, 0)
    entry = {"load_id": "old", "source": "laboratory", "feed": "results", "row_number": 1, "state": "waiting"}
    append(warehouse, "quarantine.record", pd.DataFrame([entry], dtype=object))

    (line,) = [line for line in attention(report(warehouse)) if line.section == "backlog"]
    assert (line.urgency, line.what) == ("look", "feed with rows that wait too long for their patient: results")


def test_a_rule_is_shown_with_its_night_before_and_its_trend(warehouse: Warehouse) -> None:
    for number, failed in enumerate([0, 2, 5]):
        deliver(warehouse, f"L{number}", date(2026, 1, 5 + number), "loaded", 100, 100, 0, 0, 0, 0)
        judge(warehouse, f"L{number}", RULE, 100, failed, "fail" if failed else "pass", "critical")
    set_threshold(warehouse, "failing_critical", high=4, minimum_rows=20)

    night = report(warehouse)
    (rule,) = night.rows("rules")
    assert (rule["rows_failed"], rule["previous_percent"], rule["trend"]) == (5, 2, [0, 2, 5])
    assert headline(night) == {"rules": 1}
    assert report(warehouse, date(2026, 1, 5)).rows("rules") == []


def test_the_matrix_counts_every_rule_in_force_once(warehouse: Warehouse) -> None:
    deliver(warehouse, "one", MONDAY, "loaded", 100, 100, 0, 0, 0, 0)
    deliver(warehouse, "two", MONDAY, "loaded", 100, 100, 0, 0, 0, 0)
    judge(warehouse, "one", RULE, 100, 0, "pass", "critical")
    judge(warehouse, "two", RULE, 100, 3, "fail", "critical")

    matrix = report(warehouse).rows("matrix")
    in_force = warehouse.scalar("SELECT COUNT(*) FROM reference.rule WHERE retired_version IS NULL")
    assert sum(cell["rules"] for cell in matrix) == in_force
    assert [cell["category"] for cell in matrix if cell["failed"]] == ["plausibility"]
    assert sum(cell["not_applicable"] for cell in matrix) == in_force - 1


def across(warehouse: Warehouse, rule_id: str, checked: int, failed: int, status: str) -> None:
    """Enter what a rule across feeds says of the record."""
    said = {"rule_id": rule_id, "severity": "warning", "rows_checked": checked, "rows_failed": failed, "status": status}
    append(warehouse, "ops.cross_check", pd.DataFrame([said], dtype=object))


def test_what_rules_across_feeds_say_is_shown_and_counted(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(warehouse, "one", MONDAY, "loaded", 100, 100, 0, 0, 0, 0)
    across(warehouse, "lesions.exam_id.without_exam", 0, 0, "error")
    across(warehouse, "lesions.exam_id.of_another_patient", 40, 3, "pass_with_failures")
    across(warehouse, "adverse_events.procedure_id.without_procedure", 7, 0, "pass")

    night = report(warehouse)
    matrix = night.rows("matrix")
    assert headline(night) == {"across": 1}
    assert [line.what for line in attention(night) if line.section == "across"] == [
        "rule across feeds not evaluated: lesions.exam_id.without_exam"
    ]
    assert [(rule["rule_id"], rule["rows_failed"]) for rule in night.rows("across")] == [
        ("lesions.exam_id.without_exam", 0),
        ("lesions.exam_id.of_another_patient", 3),
    ]
    said = [sum(cell[name] for cell in matrix) for name in ("not_evaluated", "passed_with_failures", "passed")]
    assert said == [1, 1, 1]
    (page,) = write_report(warehouse, tmp_path, formats=["html"])
    assert "lesions.exam_id.of_another_patient" in page.read_text(encoding="utf-8")


def test_an_override_counts_until_it_has_ended(warehouse: Warehouse) -> None:
    deliver(warehouse, "one", MONDAY, "loaded", 10, 10, 0, 0, 0, 0)
    decided = datetime(2026, 1, 1, 9)
    overrides = [{"override_id": n, "feed": "results", "rule_id": RULE, "decided_at": decided} for n in "ab"]
    append(warehouse, "quarantine.override", pd.DataFrame(overrides, dtype=object))
    warehouse.run("UPDATE quarantine.override SET ended_at = decided_at WHERE override_id = 'b'")

    assert [entry["overrides"] for entry in report(warehouse).rows("overrides")] == [1]


SENTINEL = "SENTINEL9871"


def test_no_file_holds_a_value_a_patient_or_a_key(registry: Registry, tmp_path: Path) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"), row("patients", f"{SENTINEL}P", sex=SENTINEL))
    bad = row("results", f"{SENTINEL}R", value=SENTINEL, test_name=SENTINEL, unit=SENTINEL)
    registry.deliver("results", "2020-01-01", bad, row("results", "L2", patient_id=f"{SENTINEL}X"))
    registry.put("visits", "2020-01-01", f"{SENTINEL},b\n1,2\n".encode())
    registry.load()
    registry.finish()

    files = write_report(registry.warehouse, tmp_path / "out")
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert [file.name for file in files] == [f"validation-2020-01-01.{form}" for form in ("html", "json", "csv")]
    assert not any(SENTINEL in text for text in texts)
    assert "patients.sex.unknown_code" in texts[0]


class Page(HTMLParser):
    """Collects what a page would fetch or run, and how its tables are made."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Every address that is not a place in the page itself."""
        self.tags.append(tag)
        addresses = [value or "" for name, value in attrs if name in ("src", "href")]
        self.fetched += [address for address in addresses if not address.startswith(("#", "data:,"))]


def large(warehouse: Warehouse) -> None:
    """A bad night of a large registry: every rule failed, hundreds of held files and years of months."""
    for number in range(300):
        deliver(warehouse, f"held{number:012}", MONDAY, "held", 10**9, **why("REG-302", "failed " + "x" * 300))
    deliver(warehouse, "one", MONDAY, "loaded", 10**9, 10**9, 0, 0, 0, 0)
    for (rule,) in warehouse.run("SELECT rule_id FROM reference.rule").all():
        judge(warehouse, "one", rule, 10**9, 10**8, "fail", "critical")
    overrides = [{"override_id": str(n), "feed": "results", "rule_id": f"results.made.up{n}"} for n in range(500)]
    append(warehouse, "quarantine.override", pd.DataFrame(overrides, dtype=object))


def test_the_page_stands_alone_and_stays_small(warehouse: Warehouse, tmp_path: Path) -> None:
    large(warehouse)
    report(warehouse)
    (file,) = write_report(warehouse, tmp_path, formats=["html"])
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))

    assert file.stat().st_size < 300_000
    assert page.fetched == []
    assert "script" not in page.tags
    assert page.tags.count("table") == page.tags.count("caption") > 5
    assert "and 275 more held files" in file.read_text(encoding="utf-8")


def test_json_and_csv_say_the_same_as_the_page(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(warehouse, "one", MONDAY, "loaded", 10, 9, 0, 0, 1, 0)
    judge(warehouse, "one", RULE, 10, 1, "fail", "critical")
    report(warehouse)
    page, as_json, as_csv = (file.read_text(encoding="utf-8") for file in write_report(warehouse, tmp_path))

    content: dict[str, Any] = json.loads(as_json)
    assert content["night"] == str(MONDAY)
    assert [(rule["rule_id"], rule["rows_failed"]) for rule in content["rules"]] == [(RULE, 1)]
    lines = list(csv.DictReader(as_csv.splitlines()))
    failed = [line["value"] for line in lines if line["item"] == RULE and line["measure"] == "rows_failed"]
    assert failed == ["1"]
    assert RULE in page


def test_a_description_is_text_and_not_markup(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(warehouse, "held", MONDAY, "held", 6, **why("REG-302", "<script>alert(1)</script>"))
    report(warehouse)
    (file,) = write_report(warehouse, tmp_path, formats=["html"])

    assert "<script>" not in file.read_text(encoding="utf-8")


def test_the_command_writes_the_formats_that_are_asked_for(duckdb_registry: Registry, tmp_path: Path) -> None:
    deliver(duckdb_registry.warehouse, "one", MONDAY, "loaded", 10, 10, 0, 0, 0, 0)
    report(duckdb_registry.warehouse)
    duckdb_registry.warehouse.connection.commit()
    url = duckdb_registry.settings.warehouse
    duckdb_registry.warehouse.connection.close()
    duckdb_registry.warehouse.engine.dispose()
    arguments = ["report", "--out", str(tmp_path / "out"), "--warehouse", url]

    assert CliRunner().invoke(main, [*arguments, "--format", "json,csv"]).exit_code == 0
    assert {file.suffix for file in (tmp_path / "out").iterdir()} == {".json", ".csv"}
    assert CliRunner().invoke(main, [*arguments, "--format", "pdf"]).exit_code == 2


def test_an_empty_ledger_has_no_report(warehouse: Warehouse, tmp_path: Path) -> None:
    assert write_report(warehouse, tmp_path / "out") == []


def test_a_night_without_rows_to_check_is_a_gap_in_the_line() -> None:
    drawn = sparkline([1.0, 2.0, None, 4.0, 0.0], 4.0)

    assert len(drawn.pieces) == 2
    assert drawn.threshold == 4
    assert drawn.last == (108, 22)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0.0"), (0.01, "0.01"), (99.99, "99.99"), (97.25, "97.2"), (None, "–")]
)
def test_a_percent_is_never_rounded_to_nothing_or_everything(value: float | None, shown: str) -> None:
    assert decimal(value) == shown


@pytest.mark.parametrize(("before", "shown"), [(1.0, "+1.00"), (3.5, "−1.50"), (2.001, "same"), (None, "first night")])
def test_a_change_has_its_sign(before: float | None, shown: str) -> None:
    assert change(2.0, before) == shown
