"""Who is told what and when: one message a cause and night, again only when its state has changed."""

from datetime import date, timedelta

import pytest

from include.people.alarms.telling import Message, assess, remember
from include.people.alarms.wording import words
from include.warehouse import Warehouse, utc_now
from tests.support.ledger import deliver, judge, why
from tests.support.warehouses import on_duckdb

TODAY = utc_now().date()
NIGHT = date(2026, 1, 5)
MAIL = ["mail"]


@pytest.fixture(autouse=True)
def _everybody_is_in_time(warehouse: Warehouse) -> None:
    """Every department has sent today."""
    for feed in ("results", "exams", "reports", "visits"):
        deliver(warehouse, f"today-{feed}", TODAY, "loaded", feed=feed)


def hold(warehouse: Warehouse, load_id: str, night: date = NIGHT, code: str = "REG-302") -> None:
    """A file that is held."""
    deliver(warehouse, load_id, night, "held", 10, finished_at=utc_now(), **why(code))


def told(warehouse: Warehouse, channels: list[str] = MAIL) -> list[Message]:
    """What is due, each message accepted by its channel."""
    messages = assess(warehouse, channels)
    for message in messages:
        remember(warehouse, Message.of(message.as_dict()))
    return messages


def subjects(messages: list[Message]) -> list[tuple[str, list[str]]]:
    """Of each message the cause and what it is about."""
    return [(message.cause, [alarm.subject for alarm in message.alarms]) for message in messages]


def fingerprints_of(messages: list[Message]) -> list[str]:
    """By what a receiver knows each message."""
    return [words(message).fingerprint for message in messages]


@on_duckdb
def test_nothing_is_due_while_nothing_is_wrong(warehouse: Warehouse) -> None:
    assert told(warehouse) == []


def test_the_files_of_a_night_are_one_message(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    hold(warehouse, "L2")

    assert subjects(told(warehouse)) == [("held", ["L1", "L2"])]


@on_duckdb
def test_it_is_told_once(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")

    assert [len(told(warehouse)) for _ in range(3)] == [1, 0, 0]


@on_duckdb
def test_what_no_channel_accepted_is_told_again(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")

    assert subjects(assess(warehouse, MAIL)) == subjects(assess(warehouse, MAIL)) == [("held", ["L1"])]


@on_duckdb
def test_another_file_of_the_night_makes_it_another_state(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    told(warehouse)
    hold(warehouse, "L2")

    assert subjects(told(warehouse)) == [("held", ["L1", "L2"])]
    assert told(warehouse) == []


@on_duckdb
def test_another_reason_is_another_state(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    told(warehouse)
    warehouse.run("UPDATE ops.load SET reason_code = 'REG-307' WHERE load_id = 'L1'")

    assert subjects(told(warehouse)) == [("held", ["L1"])]


@on_duckdb
def test_fewer_open_rows_are_no_other_state(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", NIGHT, "loaded", 100, finished_at=utc_now())
    judge(warehouse, "L1", "results.value.missing", 100, 3, "fail", "critical")
    for number in range(3):
        warehouse.run(
            "INSERT INTO quarantine.record (load_id, row_number, source, feed, rule_ids, state) "
            "VALUES ('L1', :number, 'laboratory', 'results', 'results.value.missing', 'open')",
            number=number,
        )
    assert subjects(told(warehouse)) == [("set_aside", ["results.value.missing"])]
    warehouse.run("UPDATE quarantine.record SET state = 'corrected' WHERE row_number = 0")

    assert told(warehouse) == []


@on_duckdb
def test_every_night_has_a_message_of_its_own(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    hold(warehouse, "L2", NIGHT + timedelta(days=1))

    assert [message.nights for message in told(warehouse)] == [["2026-01-05"], ["2026-01-06"]]


@on_duckdb
def test_a_first_load_of_history_is_one_message(warehouse: Warehouse) -> None:
    for number in range(30):
        hold(warehouse, f"L{number}", NIGHT + timedelta(days=number))

    (message,) = told(warehouse)

    assert len(message.nights) == len(message.alarms) == 30
    assert told(warehouse) == []


def test_that_it_is_over_is_told_once_and_then_it_may_come_again(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    told(warehouse)
    warehouse.run("UPDATE ops.load SET state = 'rejected' WHERE load_id = 'L1'")

    assert [(message.is_over, len(message.alarms)) for message in told(warehouse)] == [(True, 1)]
    assert told(warehouse) == []

    warehouse.run("UPDATE ops.load SET state = 'held' WHERE load_id = 'L1'")
    assert [message.is_over for message in told(warehouse)] == [False]


@on_duckdb
def test_what_was_never_told_is_not_over_either(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    assess(warehouse, MAIL)
    warehouse.run("UPDATE ops.load SET state = 'rejected' WHERE load_id = 'L1'")

    assert told(warehouse) == []


@on_duckdb
def test_of_rows_that_are_all_decided_nothing_is_told_and_they_may_come_again(warehouse: Warehouse) -> None:
    deliver(warehouse, "L1", NIGHT, "loaded", 100, finished_at=utc_now())
    judge(warehouse, "L1", "results.value.missing", 100, 1, "fail", "critical")
    warehouse.run(
        "INSERT INTO quarantine.record (load_id, row_number, source, feed, rule_ids, state) "
        "VALUES ('L1', 1, 'laboratory', 'results', 'results.value.missing', 'open')"
    )
    told(warehouse)
    warehouse.run("UPDATE quarantine.record SET state = 'corrected'")
    assert told(warehouse) == []

    warehouse.run("UPDATE quarantine.record SET state = 'open'")
    assert subjects(told(warehouse)) == [("set_aside", ["results.value.missing"])]


def test_each_channel_is_told_for_itself(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    told(warehouse, ["mail"])

    assert [message.channel for message in told(warehouse, ["mail", "webhook"])] == ["webhook"]


@on_duckdb
def test_nothing_is_told_before_the_night_is_loaded(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    deliver(warehouse, "L2", NIGHT, "received", received_at=utc_now())
    assert told(warehouse) == []

    warehouse.run("UPDATE ops.load SET state = 'loaded' WHERE load_id = 'L2'")
    assert subjects(told(warehouse)) == [("held", ["L1"])]


@on_duckdb
def test_a_file_that_waits_for_long_keeps_nothing_from_being_told(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    deliver(warehouse, "L2", NIGHT, "received", received_at=utc_now())
    deliver(warehouse, "V1", NIGHT, "received", feed="visits", received_at=utc_now() - timedelta(hours=2))

    assert subjects(told(warehouse)) == [("held", ["L1"])]


@on_duckdb
def test_what_comes_again_is_another_message_and_what_is_repeated_is_not(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    fingerprints = []
    for state in ("held", "rejected", "held", "rejected"):
        warehouse.run("UPDATE ops.load SET state = :state WHERE load_id = 'L1'", state=state)
        assert fingerprints_of(assess(warehouse, MAIL)) == fingerprints_of(assess(warehouse, MAIL))
        fingerprints += fingerprints_of(told(warehouse))

    assert len(set(fingerprints)) == len(fingerprints) == 4


def test_a_file_that_never_loads_does_not_keep_the_others_secret(warehouse: Warehouse) -> None:
    hold(warehouse, "L1")
    deliver(warehouse, "L2", NIGHT, "received", received_at=utc_now() - timedelta(hours=2))

    assert subjects(told(warehouse)) == [("held", ["L1"])]
