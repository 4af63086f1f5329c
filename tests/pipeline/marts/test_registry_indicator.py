"""The registry's indicators: what is counted over what, by month and department, and against which target."""

from typing import Any

import pytest

from tests.support.extracts import row
from tests.support.ledger import set_threshold
from tests.support.making import make
from tests.support.registry import Registry


def indicator(registry: Registry, name: str, source: str = "all") -> list[tuple[Any, ...]]:
    """Month by month: numerator and denominator."""
    make(registry.warehouse, "derived.repeated_event", "marts.registry_indicator")
    return registry.rows(
        "SELECT CAST(month AS TEXT), numerator, denominator FROM marts.registry_indicator "
        f"WHERE indicator = '{name}' AND source = '{source}' AND denominator > 0 ORDER BY month"
    )


def test_records_that_fail_a_critical_rule_do_not_pass(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-31", row("patients"), row("patients", "P2", sex="x"))
    registry.deliver("exams", "2020-02-01", row("exams", "E1"), row("exams", "E2"))

    assert indicator(registry, "records_passing") == [("2020-01-01", 1, 2), ("2020-02-01", 2, 2)]
    assert indicator(registry, "records_passing", "radiology") == [("2020-02-01", 2, 2)]


def test_a_key_item_is_complete_where_current_records_hold_it(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", "2020-01-01", row("patients"))
    duckdb_registry.deliver("visits", "2020-01-02", row("visits", "V1", ecog="1"), row("visits", "V2", ecog=""))
    assert indicator(duckdb_registry, "completeness_ecog") == [("2020-01-01", 1, 2)]

    duckdb_registry.deliver("visits", "2020-02-01", row("visits", "V2", ecog="0"))
    assert indicator(duckdb_registry, "completeness_ecog") == [("2020-01-01", 1, 1), ("2020-02-01", 1, 1)]


def test_a_key_item_is_due_under_its_condition_only(duckdb_registry: Registry) -> None:
    dead = {"vital_status": "dead", "death_date": "2012-03-01"}
    duckdb_registry.deliver("patients", "2020-01-01", row("patients"))
    duckdb_registry.deliver("visits", "2020-01-02", row("visits", "V1"), row("visits", "V2", **dead))

    assert indicator(duckdb_registry, "completeness_death_cause") == [("2020-01-01", 0, 1)]


def test_a_record_in_quarantine_for_want_of_the_item_counts_until_it_is_corrected(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"), row("patients", "P2", sex=""))
    assert indicator(registry, "completeness_sex") == [("2020-01-01", 1, 2)]

    registry.deliver("patients", "2020-02-01", row("patients", "P2"))
    assert indicator(registry, "completeness_sex") == [("2020-01-01", 1, 1), ("2020-02-01", 1, 1)]


def test_completeness_adds_up_the_items(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver(
        "patients", "2020-01-01", row("patients", liver_metastases_date="", liver_metastases_timing="metachronous")
    )

    assert indicator(duckdb_registry, "completeness", "clinic") == [("2020-01-01", 3, 4)]


def test_the_same_event_under_another_key_is_a_duplicate_until_it_is_cancelled(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"))
    registry.deliver("exams", "2020-01-02", row("exams", "E1"), row("exams", "E3", modality="CT"))
    registry.deliver("exams", "2020-02-01", row("exams", "E2"))
    assert indicator(registry, "duplicates", "radiology") == [("2020-01-01", 0, 2), ("2020-02-01", 1, 1)]
    assert registry.rows("SELECT feed, first_record_key, record_key, records FROM derived.repeated_event") == [
        ("exams", "E1", "E2", 2)
    ]

    registry.deliver("exams", "2020-02-02", row("exams", "E2", status="cancelled"))
    assert indicator(registry, "duplicates", "radiology") == [("2020-01-01", 0, 2)]


def test_each_record_beyond_the_first_is_one_duplicate_in_its_own_month(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", "2020-01-01", row("patients"))
    duckdb_registry.deliver("exams", "2020-01-02", row("exams", "E1"), row("exams", "E2"))
    duckdb_registry.deliver("exams", "2020-02-01", row("exams", "E3"))

    assert indicator(duckdb_registry, "duplicates", "radiology") == [("2020-01-01", 1, 2), ("2020-02-01", 1, 1)]


def test_a_patient_announced_twice_is_a_duplicate(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver(
        "patients", "2020-01-01", row("patients", "P1"), row("patients", "P2"), row("patients", "P3", sex="male")
    )

    assert indicator(duckdb_registry, "duplicates") == [("2020-01-01", 1, 3)]


def test_an_event_is_timely_within_thirty_days(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"))
    registry.deliver("exams", "2020-01-01", row("exams", "E1", exam_date="2010-01-01"))
    for day, exam_date in (("2020-02-01", "2020-02-01"), ("2020-03-02", "2020-02-01"), ("2020-04-01", "2020-03-01")):
        registry.send("exams", day, row("exams", day, exam_date=exam_date))
    registry.load()

    assert indicator(registry, "timeliness", "radiology") == [
        ("2020-02-01", 1, 1),
        ("2020-03-01", 1, 1),
        ("2020-04-01", 0, 1),
    ]


@pytest.mark.parametrize(
    ("first_day", "changed_day", "last_day"),
    [("2020-01-06", "2020-03-01", "2020-04-01"), ("2020-03-01", "2020-02-01", "2020-01-06")],
    ids=["in order", "in reverse"],
)
def test_an_event_was_known_when_its_key_was_first_sent(
    duckdb_registry: Registry, first_day: str, changed_day: str, last_day: str
) -> None:
    first = row("exams", "E1", exam_date="2020-01-05")
    duckdb_registry.deliver("patients", "2020-01-01", row("patients"))
    duckdb_registry.deliver("exams", "2020-01-01", row("exams", "E0"))
    duckdb_registry.deliver("exams", first_day, first)
    duckdb_registry.deliver("exams", changed_day, {**first, "modality": "CT"})
    duckdb_registry.deliver("exams", last_day, first)

    assert indicator(duckdb_registry, "timeliness", "radiology") == [("2020-01-01", 1, 1)]


def test_an_indicator_is_judged_by_the_target_in_force_if_there_is_one(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"), row("patients", "P2", sex="x"))
    select = (
        "SELECT value, unit, target_low, meets_target FROM marts.registry_indicator "
        "WHERE indicator = 'records_passing' AND source = 'clinic'"
    )
    indicator(registry, "records_passing")
    assert registry.rows(select) == [(50, "%", 98, False)]

    set_threshold(registry.warehouse, "records_passing", low=50)
    indicator(registry, "records_passing")
    assert registry.rows(select) == [(50, "%", 50, True)]

    registry.warehouse.run("DELETE FROM reference.threshold WHERE kind = 'records_passing'")
    indicator(registry, "records_passing")
    assert registry.rows(select) == [(50, "%", None, None)]
