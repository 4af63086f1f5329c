"""What raises an alarm, on which night, and what is the same alarm."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from include.people.alarms.causes import causes
from include.people.alarms.current import Alarm, current_alarms
from include.people.alarms.wording import alarm_line
from include.pipeline.derivation import derive_touched
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append
from include.warehouse.sql import FOLDER
from tests.support.clinical import fill
from tests.support.ledger import deliver, judge, why
from tests.support.warehouses import on_duckdb

DERIVE = import_module("include.pipeline.derivation.derive")
TODAY = utc_now().date()
OLD = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _everybody_is_in_time(warehouse: Warehouse) -> None:
    """Every department has sent today; freshness is tested where it is meant."""
    for feed in ("results", "exams", "reports", "visits"):
        deliver(warehouse, f"today-{feed}", TODAY, "loaded", feed=feed)


def of(warehouse: Warehouse, cause: str) -> list[Alarm]:
    """The alarms of a cause."""
    return [alarm for alarm in current_alarms(warehouse) if alarm.cause == cause]


def set_aside(warehouse: Warehouse, load_id: str, rule_ids: str, *states: str) -> None:
    """Rows of a load in quarantine, one for each state."""
    common = {"load_id": load_id, "source": "laboratory", "feed": "results", "rule_ids": rule_ids}
    rows = [{**common, "row_number": number, "state": state} for number, state in enumerate(states, 1)]
    append(warehouse, "quarantine.record", pd.DataFrame(rows))


def derived(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, about_lifespan: list[str], across_feeds: list[str]
) -> None:
    """Derive while these rules are broken."""
    monkeypatch.setattr(DERIVE, "resolve", lambda _: about_lifespan)
    monkeypatch.setattr(DERIVE, "cross_check", lambda _, near: across_feeds)
    derive_touched(warehouse)


def test_every_cause_has_its_select_and_every_select_its_cause() -> None:
    others = {"told", "loading"}

    assert {file.stem for file in (FOLDER / "alarms").glob("*.sql")} - others == set(causes())


def test_a_warehouse_in_order_raises_none(warehouse: Warehouse) -> None:
    assert current_alarms(warehouse) == []


def test_a_held_file_is_one_alarm_however_many_rules_it_fails(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", OLD, "held", 400, finished_at=utc_now(), **why("REG-302"))
    for number in range(10):
        judge(warehouse, "L1", f"results.rule.{number}", 400, 100 + number, "fail", "critical")
    judge(warehouse, "L1", "results.rule.warned", 400, 400, "pass_with_failures", "warning")

    (alarm,) = of(warehouse, "held")

    assert (alarm.subject, alarm.batch_date, alarm.state) == ("L1", "2026-01-05", "REG-302")
    assert len(alarm.rules) == 10
    assert alarm.rules[0] == {"rule_id": "results.rule.9", "rows_failed": 109, "rows_checked": 400}
    assert alarm_line(alarm) == "results: load L1 is held and 400 rows wait. REG-302: failed"


@on_duckdb
def test_what_is_no_longer_held_is_no_alarm(warehouse: Warehouse) -> None:
    for state in ("loaded", "rejected", "superseded"):
        deliver(warehouse, state, OLD, state, 400, **why("REG-302"))

    assert of(warehouse, "held") == []


def test_rows_that_fail_one_rule_in_one_night_are_one_alarm(warehouse: Warehouse) -> None:
    for load_id, failed in (("L1", 390), ("L2", 10)):
        deliver(warehouse, load_id, OLD, "loaded", 500)
        judge(warehouse, load_id, "results.value.missing", 500, failed, "fail", "critical")
        set_aside(warehouse, load_id, "results.unit.unknown,results.value.missing", *["open"] * 3, "corrected")

    (alarm,) = of(warehouse, "set_aside")

    assert (alarm.subject, alarm.batch_date) == ("results.value.missing", "2026-01-05")
    assert alarm_line(alarm).startswith("results.value.missing: 400 of 1,000 rows failed, 6 are open.")


@on_duckdb
def test_rows_of_a_file_that_was_replaced_failed_once(warehouse: Warehouse) -> None:
    for delivery in (1, 2):
        deliver(warehouse, f"L{delivery}", OLD, "loaded", 500, file_name="a.csv", delivery=delivery)
        judge(warehouse, f"L{delivery}", "results.value.missing", 500, 9, "fail", "critical")
        set_aside(warehouse, f"L{delivery}", "results.value.missing", "open")

    (alarm,) = of(warehouse, "set_aside")

    assert alarm.state == "below 1e1"
    assert alarm_line(alarm).startswith(
        "results.value.missing: 9 of 500 rows failed, 1 are open, 1 rows of a replaced content are open. "
    )


@on_duckdb
def test_open_rows_of_a_content_that_a_clean_one_replaced_are_told(warehouse: Warehouse) -> None:
    for delivery, failed in ((1, 12), (2, 0)):
        deliver(warehouse, f"L{delivery}", OLD, "loaded", 500, file_name="a.csv", delivery=delivery)
        judge(warehouse, f"L{delivery}", "results.value.missing", 500, failed, "fail", "critical")
    set_aside(warehouse, "L1", "results.value.missing", *["open"] * 12)

    (alarm,) = of(warehouse, "set_aside")

    assert alarm.state == "below 1e2"
    assert alarm_line(alarm).startswith("results.value.missing: 12 rows of a replaced content are open. ")


@on_duckdb
def test_rows_are_an_alarm_until_the_last_is_decided(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", OLD, "loaded", 500)
    judge(warehouse, "L1", "results.value.missing", 500, 2, "fail", "critical")
    set_aside(warehouse, "L1", "results.value.missing", "corrected", "rejected")

    assert of(warehouse, "set_aside") == []


@on_duckdb
@pytest.mark.parametrize(("failed", "state"), [(9, "below 1e1"), (10, "below 1e2"), (99, "below 1e2")])
def test_rows_set_aside_are_the_same_alarm_until_they_grow_by_a_digit(
    warehouse: Warehouse, failed: int, state: str
) -> None:
    deliver(warehouse, "L1", OLD, "loaded", 500)
    judge(warehouse, "L1", "results.value.missing", 500, failed, "fail", "critical")
    set_aside(warehouse, "L1", "results.value.missing", "open")

    assert [alarm.state for alarm in of(warehouse, "set_aside")] == [state]


@on_duckdb
def test_a_broken_rule_is_one_alarm_and_its_files_none(warehouse: Warehouse) -> None:
    for load_id in ("L1", "L2"):
        deliver(warehouse, load_id, OLD, "held", 5, **why("REG-303"))
        judge(warehouse, load_id, "results.unit.unknown", 0, 0, "error", "critical")

    (alarm,) = current_alarms(warehouse)

    assert (alarm.cause, alarm.subject) == ("broken_rule", "results.unit.unknown")
    assert alarm_line(alarm) == "results: rule results.unit.unknown cannot be evaluated, 2 files wait"


def test_a_rule_that_is_broken_in_two_feeds_of_a_department_is_one_alarm(warehouse: Warehouse) -> None:
    for feed in ("visits", "patients"):
        deliver(warehouse, feed, OLD, "held", 5, feed=feed, **why("REG-303"))
        judge(warehouse, feed, "file.columns.missing", 0, 0, "error", "critical")

    assert [alarm_line(alarm) for alarm in current_alarms(warehouse)] == [
        "patients, visits: rule file.columns.missing cannot be evaluated, 2 files wait"
    ]


def test_a_rule_that_keeps_files_and_judged_rows_waiting_is_one_alarm_that_counts_the_files(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_id = warehouse.scalar("SELECT MIN(rule_id) FROM reference.rule WHERE level = 'lifespan' AND feed = 'exams'")
    derived(warehouse, monkeypatch, [rule_id], [])
    deliver(warehouse, "L1", TODAY, "held", 5, feed="exams", **why("REG-303"))
    judge(warehouse, "L1", rule_id, 0, 0, "error", "critical")

    assert [alarm_line(alarm) for alarm in of(warehouse, "broken_rule")] == [
        f"exams: rule {rule_id} cannot be evaluated, 1 files wait"
    ]


def test_an_unreadable_file_is_told_apart(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", OLD, "held", 0, size_bytes=1200, **why("REG-301", "not UTF-8"))

    (alarm,) = current_alarms(warehouse)

    assert alarm_line(alarm) == "results: load L1 (1,200 bytes) cannot be read. REG-301: not UTF-8"


def test_a_department_is_late_from_the_night_in_which_its_extract_was_due(warehouse: Warehouse) -> None:
    warehouse.run("DELETE FROM ops.load WHERE feed = 'results'")
    deliver(warehouse, "L1", TODAY - timedelta(days=10), "loaded", feed="results")

    (alarm,) = of(warehouse, "late")

    assert (alarm.source, alarm.batch_date) == ("laboratory", str(TODAY - timedelta(days=9)))
    assert str(TODAY - timedelta(days=10)) in alarm_line(alarm)


@on_duckdb
def test_a_department_that_sends_old_extracts_now_is_not_late(warehouse: Warehouse) -> None:
    warehouse.run("DELETE FROM ops.load WHERE feed = 'results'")
    deliver(warehouse, "L1", OLD, "loaded", feed="results", received_at=utc_now() - timedelta(hours=30))
    assert of(warehouse, "late") == []

    warehouse.run("UPDATE ops.load SET received_at = :then WHERE load_id = 'L1'", then=utc_now() - timedelta(hours=40))
    assert [alarm.source for alarm in of(warehouse, "late")] == ["laboratory"]


@on_duckdb
@pytest.mark.parametrize(("received", "state"), [(40, "low"), (210, "high"), (100, None)])
def test_an_extract_of_unusual_size_is_an_alarm(warehouse: Warehouse, received: int, state: str | None) -> None:
    for week in range(1, 5):
        deliver(warehouse, f"earlier-{week}", TODAY - timedelta(weeks=week), "loaded", 100, feed="exams")
    warehouse.run("UPDATE ops.load SET rows_received = :n WHERE load_id = 'today-exams'", n=received)

    assert [alarm.state for alarm in of(warehouse, "volume")] == ([state] if state else [])


def test_after_extracts_without_rows_no_size_is_unusual(warehouse: Warehouse) -> None:
    for week in range(1, 5):
        deliver(warehouse, f"earlier-{week}", TODAY - timedelta(weeks=week), "loaded", 0, feed="exams")

    assert [alarm_line(alarm) for alarm in of(warehouse, "volume")] == []


def test_a_ratio_is_told_without_an_exponent(warehouse: Warehouse) -> None:
    for week in range(1, 5):
        deliver(warehouse, f"earlier-{week}", TODAY - timedelta(weeks=week), "loaded", 10, feed="exams")
    warehouse.run("UPDATE ops.load SET rows_received = 1234 WHERE load_id = 'today-exams'")

    assert [alarm_line(alarm) for alarm in of(warehouse, "volume")] == [
        "exams: 1,234 rows, high: 123 times the weekday's median of 10; in order is 0.5 to 2"
    ]


@on_duckdb
def test_only_the_latest_extract_of_a_feed_is_judged_by_its_size(warehouse: Warehouse) -> None:
    for week, count in enumerate((100, 10, 100, 100, 100)):
        day = TODAY - timedelta(weeks=week)
        warehouse.run("DELETE FROM ops.load WHERE load_id = 'today-exams'")
        deliver(warehouse, f"week-{week}", day, "loaded", count, feed="exams")

    assert of(warehouse, "volume") == []


@pytest.mark.parametrize(("hours", "expected"), [(5, []), (7, ["results"])])
def test_a_file_that_is_not_loaded_in_time_is_an_alarm(warehouse: Warehouse, hours: int, expected: list[str]) -> None:
    deliver(warehouse, "L1", OLD, "received", received_at=utc_now() - timedelta(hours=hours))

    assert [alarm.subject for alarm in of(warehouse, "not_loaded")] == expected


@pytest.mark.parametrize(("days", "expected"), [(29, []), (31, ["results: 2 rows are open for more than 30 days"])])
def test_rows_that_nobody_decides_are_an_alarm(warehouse: Warehouse, days: int, expected: list[str]) -> None:
    deliver(warehouse, "L1", OLD, "loaded", 5, finished_at=utc_now() - timedelta(days=days))
    set_aside(warehouse, "L1", "results.value.missing", "open", "open", "rejected")

    assert [alarm_line(alarm) for alarm in of(warehouse, "undecided")] == expected


@pytest.mark.parametrize(("days", "told"), [(29, []), (31, ["results: 2 rows wait for their patient"])])
def test_rows_that_wait_too_long_are_an_alarm_that_says_who_has_to_act(
    warehouse: Warehouse, days: int, told: list[str]
) -> None:
    deliver(warehouse, "L1", OLD, "loaded", 5, finished_at=utc_now() - timedelta(days=days))
    set_aside(warehouse, "L1", "", "waiting", "waiting", "open")

    lines = [f"{line} for more than 30 days; registry office has to act" for line in told]
    assert [alarm_line(alarm) for alarm in of(warehouse, "waiting")] == lines


def test_ids_that_almost_match_an_announced_one_are_an_alarm_and_a_list(warehouse: Warehouse) -> None:
    known = pd.DataFrame({"patient_id": ["P1", "1001", "Zoë", "B 2", "c:07", "A-7"], "is_active": True})
    append(warehouse, "clinical.lifespan", known)
    almost = {" P1": "P1", "p\u200b1": "P1", "P\u00a01.0": "P1", "1001.0": "1001", "\ufeffZOË": "Zoë", "b2 ": "B 2"}
    almost |= {"01001": "1001", "1001,00": "1001", "１００１": "1001", "'1001": "1001", 'c:="7"': "c:07", "a–7": "A-7"}
    ids = [*almost, "10010", "P10", "P1.", "10.01", "B3", "P01", "A7"]
    deliver(warehouse, "L1", OLD, "loaded", len(ids))
    set_aside(warehouse, "L1", "", *["waiting"] * len(ids))
    for number, patient_id in enumerate(ids, start=1):
        warehouse.run("UPDATE quarantine.record SET patient_id = :id WHERE row_number = :n", id=patient_id, n=number)

    listed = warehouse.run("SELECT patient_id, known_patient_id FROM ops.almost_known_patient").tuples().all()
    (alarm,) = of(warehouse, "almost_known")

    assert dict(listed) == almost
    assert alarm_line(alarm).startswith(
        "results: 12 rows wait for their patient; their patient_id is that of an announced one"
    )


def test_the_facts_are_plain_values(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", OLD, "held", 400, finished_at=utc_now(), **why("REG-302"))
    deliver(warehouse, "L2", OLD, "received", received_at=utc_now() - timedelta(days=1))
    warehouse.run("DELETE FROM ops.load WHERE feed = 'visits'")
    deliver(warehouse, "L3", TODAY - timedelta(days=10), "loaded", feed="visits")
    found: list[Any] = [value for alarm in current_alarms(warehouse) for value in alarm.facts.values()]

    assert found
    assert {type(value) for value in found} <= {str, int, float, type(None)}


def test_a_rule_across_feeds_that_is_broken_is_an_alarm_too(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived(warehouse, monkeypatch, [], ["lesions.exam_id.without_exam"])

    (alarm,) = of(warehouse, "broken_rule")

    assert (alarm.source, alarm.subject) == ("radiology", "lesions.exam_id.without_exam")
    assert alarm_line(alarm).endswith("cannot be evaluated, what it judges anew stays as it was")


@on_duckdb
def test_a_rule_about_birth_and_death_that_is_broken_is_an_alarm_too(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_id = warehouse.scalar("SELECT MIN(rule_id) FROM reference.rule WHERE level = 'lifespan' AND feed = 'exams'")
    derived(warehouse, monkeypatch, [rule_id], [])

    assert [(alarm.source, alarm.subject) for alarm in of(warehouse, "broken_rule")] == [("radiology", rule_id)]


@on_duckdb
def test_a_broken_rule_is_the_same_alarm_until_it_is_mended(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (2, 1, 0):
        now = utc_now() - timedelta(days=days)
        monkeypatch.setattr(DERIVE, "utc_now", lambda now=now: now)
        derived(warehouse, monkeypatch, [], ["lesions.exam_id.without_exam"])
        assert [alarm.batch_date for alarm in of(warehouse, "broken_rule")] == [str(TODAY - timedelta(days=2))]

    derived(warehouse, monkeypatch, [], [])
    assert of(warehouse, "broken_rule") == []


def test_a_released_file_that_does_not_load_is_told(warehouse: Warehouse) -> None:
    deliver(warehouse, "released", OLD, "released")
    warehouse.run("UPDATE ops.load SET received_at = CAST('2026-01-05' AS TIMESTAMP) WHERE load_id = 'released'")
    assert [alarm.batch_date for alarm in of(warehouse, "not_loaded")] == [OLD.isoformat()]


@on_duckdb
def test_a_file_that_a_person_released_is_told_whatever_the_person_said(warehouse: Warehouse) -> None:
    then = utc_now() - timedelta(days=2)
    said = {"reason": "REG-303 was mended, please load", "reason_code": "REG-302"}
    deliver(warehouse, "L1", OLD, "released", received_at=then, decided_at=then, **said)

    assert [alarm.cause for alarm in current_alarms(warehouse)] == ["not_loaded"]


@on_duckdb
@pytest.mark.parametrize(("hours", "expected"), [(5, []), (7, ["results"])])
def test_a_released_file_has_its_time_from_the_decision_on(
    warehouse: Warehouse, hours: int, expected: list[str]
) -> None:
    decided_at = utc_now() - timedelta(hours=hours)
    deliver(warehouse, "L1", OLD, "released", received_at=utc_now() - timedelta(days=9), decided_at=decided_at)

    assert [alarm.subject for alarm in of(warehouse, "not_loaded")] == expected


@on_duckdb
def test_a_released_file_that_a_broken_rule_keeps_waiting_is_told_once(warehouse: Warehouse) -> None:
    then = utc_now() - timedelta(days=2)
    deliver(warehouse, "L1", OLD, "released", received_at=then, decided_at=then, **why("REG-303"))
    judge(warehouse, "L1", "results.unit.unknown", 0, 0, "error", "critical")

    assert [alarm.cause for alarm in current_alarms(warehouse)] == ["broken_rule"]


def test_test_codes_that_nobody_knows_are_told_until_they_are_listed(warehouse: Warehouse) -> None:
    codes = ["ALAT", "ALAT", "50861", "1742-6", "2951-2"]
    fill(
        warehouse,
        results=[
            {
                "patient_id": "P1",
                "collected_at": datetime(2026, 1, 1, n),
                "test_code": code,
                "value": "7",
                "unit": "U/L",
            }
            for n, code in enumerate(codes)
        ],
    )
    (alarm,) = of(warehouse, "unmapped_code")
    assert (alarm.source, alarm.facts["codes"], alarm.facts["results"]) == ("laboratory", 2, 3)
    assert "2 test codes are unknown; 3 results" in alarm_line(alarm)
    listed = warehouse.run("SELECT test_code, results FROM ops.unmapped_code ORDER BY results DESC").tuples().all()
    assert listed == [("ALAT", 2), ("50861", 1)]
