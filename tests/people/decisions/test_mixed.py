"""Decisions between arrivals, deaths and other versions: nothing jams, nothing hides, nothing is counted twice."""

import shutil

import pytest

from include.basics.errors import RegistryError
from include.people.decisions import (
    Selection,
    override_records,
    reject_file,
    reject_records,
    release_file,
    reopen_records,
    undo_decision,
)
from tests.support.extracts import Row, row
from tests.support.registry import Registry

announced = pytest.mark.announced("P1")
DAYS = ("2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04")
BAD = {"value": "90000"}
LATE = {"collected_at": "2014-01-02T08:15"}
WHY = "as the department says"


def dead(on: str, **cells: str) -> Row:
    """A visit that reports a death."""
    return row("visits", visit_date="2013-05-01", vital_status="dead", death_date=on, death_cause="tumour", **cells)


def override(registry: Registry, **selection: object) -> dict[str, int]:
    """Override; the states of the records afterwards."""
    return override_records(registry.warehouse, Selection(**selection), "mg", WHY).states  # type: ignore[arg-type]


def reopen(registry: Registry, **selection: object) -> dict[str, int]:
    """Reopen; the states of the records afterwards."""
    return reopen_records(registry.warehouse, Selection(**selection), "mg", WHY).states  # type: ignore[arg-type]


@announced
def test_a_death_that_ends_an_override_closes_the_record_where_a_later_version_is_valid(
    duckdb_registry: Registry,
) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", **BAD, **LATE))
    override(duckdb_registry, feed="results")
    duckdb_registry.deliver("results", DAYS[1], row("results", status="corrected"))
    duckdb_registry.deliver("visits", DAYS[1], dead("2013-05-01"))
    assert duckdb_registry.quarantine("state") == [("corrected",)]
    assert duckdb_registry.deliver("exams", DAYS[1], row("exams", exam_date="2012-02-02")).state == "loaded"
    duckdb_registry.deliver("visits", DAYS[2], dead("2013-05-01", status="cancelled"))
    assert duckdb_registry.states("results", "value") == [("30", "current"), ("90000", "past")]
    duckdb_registry.check_conservation()


@announced
def test_an_overridden_row_that_came_back_behind_a_later_version_can_be_reopened(duckdb_registry: Registry) -> None:
    first = duckdb_registry.deliver("results", DAYS[0], row("results", **BAD, **LATE)).load_id
    override(duckdb_registry, feed="results")
    duckdb_registry.deliver("visits", DAYS[1], dead("2013-05-01"))
    duckdb_registry.deliver("results", DAYS[2], row("results", value="33"))
    duckdb_registry.deliver("visits", DAYS[3], dead("2013-05-01", status="cancelled"))
    assert duckdb_registry.quarantine("state") == [("overridden",)]
    assert reopen(duckdb_registry, load_id=first) == {"corrected": 1}
    assert duckdb_registry.states("results", "value") == [("33", "current")]
    assert duckdb_registry.counts(DAYS[0], "results") == {"quarantined": 1}


@announced
def test_a_corrected_death_meets_a_record_that_was_closed(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAYS[0], dead("2013-05-01"))
    duckdb_registry.deliver("results", DAYS[0], row("results", **LATE))
    override(duckdb_registry, feed="results")
    duckdb_registry.deliver("results", DAYS[1], row("results", status="corrected"))
    for number, day in enumerate(("2013-04-30", "2013-05-01")):
        duckdb_registry.deliver("visits", DAYS[2], dead(day, status="corrected"), name=f"{number}.csv")
    assert duckdb_registry.states("results", "status") == [("corrected", "current"), ("final", "past")]


def test_rejecting_one_of_two_waiting_versions_lets_the_other_wait(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", value="30"))
    second = duckdb_registry.deliver("results", DAYS[1], row("results", value="31"))
    reject_records(duckdb_registry.warehouse, Selection(load_id=second.load_id), "mg", WHY)
    assert duckdb_registry.states("results", "value") == [("30", "waiting")]
    assert duckdb_registry.counts(DAYS[0], "results") == {"waiting": 1}


@announced
def test_reopening_promotes_no_version_of_an_unknown_patient(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", value="30"))
    second = duckdb_registry.deliver("results", DAYS[1], row("results", **BAD))
    override(duckdb_registry, feed="results")
    duckdb_registry.deliver("results", DAYS[2], row("results", patient_id="P2", status="corrected"))
    reopen(duckdb_registry, load_id=second.load_id)
    assert duckdb_registry.states("results", "patient_id") == [("P1", "past"), ("P2", "waiting")]


@announced
def test_versions_of_one_key_are_overridden_in_the_order_of_their_extracts(registry: Registry) -> None:
    """Whatever the ids of their loads, which the names of the files make."""
    names = ("b.csv", "c.csv", "d.csv")
    for day, value in zip(DAYS, ("90000", "80000"), strict=False):
        for name in names:
            registry.send("results", day, row("results", name, value=value), name=name)
        registry.load()
    assert override(registry, feed="results") == {"overridden": 6}
    assert registry.states("results", "result_id, value") == [
        (name, *version) for name in names for version in (("80000", "current"), ("90000", "past"))
    ]


@announced
def test_identical_rows_are_counted_once_however_often_they_are_decided_about(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", **BAD), row("results", **BAD))
    for _ in range(2):
        override(duckdb_registry, feed="results")
        duckdb_registry.check_conservation()
        reopen(duckdb_registry, feed="results")
        duckdb_registry.check_conservation()
    assert duckdb_registry.states("results", "value") == []


@announced
def test_reopening_one_value_leaves_the_override_of_another(duckdb_registry: Registry) -> None:
    first = duckdb_registry.deliver("results", DAYS[0], row("results", value="90000"))
    duckdb_registry.deliver("results", DAYS[1], row("results", value="80000"))
    override(duckdb_registry, feed="results")
    reopen(duckdb_registry, load_id=first.load_id)
    duckdb_registry.deliver("results", DAYS[2], row("results", value="80000", status="corrected"))
    assert duckdb_registry.states("results", "status, value") == [
        ("corrected", "80000", "current"),
        ("final", "80000", "past"),
    ]


def test_an_override_is_known_as_one_whenever_its_patient_comes(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", **BAD))
    assert override(duckdb_registry, feed="results") == {"waiting": 1}
    duckdb_registry.deliver("patients", DAYS[0], row("patients"))
    assert duckdb_registry.quarantine("state") == [("overridden",)]
    assert reopen(duckdb_registry, feed="results") == {"open": 1}
    duckdb_registry.check_conservation()


@announced
def test_an_override_that_lets_nothing_in_does_not_hold(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", patient_id="", **BAD))
    with pytest.raises(RegistryError):
        override(duckdb_registry, feed="results")
    duckdb_registry.deliver("results", DAYS[1], row("results", **BAD))
    assert sorted(duckdb_registry.quarantine("state")) == [("open",), ("open",)]


@announced
def test_a_record_is_open_again_when_what_corrected_it_is_withdrawn(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", value="haemolysed"))
    second = duckdb_registry.deliver("results", DAYS[1], row("results", **BAD))
    override(duckdb_registry, load_id=second.load_id)
    reopen(duckdb_registry, load_id=second.load_id)
    assert duckdb_registry.quarantine("state") == [("open",), ("open",)]
    duckdb_registry.check_conservation()


@announced
def test_a_decision_needs_no_landed_copy(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAYS[0], row("results", "L1", **BAD), row("results", "L2", patient_id="P2"))
    shutil.rmtree(duckdb_registry.settings.landing)
    assert override(duckdb_registry, record_key="L1") == {"overridden": 1}
    reject_records(duckdb_registry.warehouse, Selection(record_key="L2"), "mg", WHY)
    assert reopen(duckdb_registry, record_key="L2") == {"waiting": 1}


@announced
def test_one_of_three_identical_versions_is_told_apart_by_its_place(registry: Registry) -> None:
    """A was overridden, B came, and A again: A is current again, and it is a version of its own."""
    registry.deliver("results", DAYS[0], row("results", **BAD))
    override(registry, feed="results")
    registry.deliver("results", DAYS[1], row("results", value="30"))
    registry.deliver("results", DAYS[2], row("results", **BAD))
    assert registry.states("results", "value") == [("30", "past"), ("90000", "current"), ("90000", "past")]
    assert registry.counts(DAYS[2], "results") == {"updated": 1}
    reopen(registry, feed="results")
    assert registry.states("results", "value") == [("30", "current")]
    assert registry.quarantine("state") == [("corrected",), ("open",)]


@announced
def test_a_decision_about_many_rows_is_undone_as_one(registry: Registry) -> None:
    registry.deliver("results", DAYS[0], *(row("results", f"L{n}", **BAD) for n in range(3)))
    decided = override_records(registry.warehouse, Selection(feed="results"), "mg", WHY)
    assert decided.states == {"overridden": 3}
    undo_decision(registry.warehouse, decided.decision_id or 0, "mg", "the wrong file")
    assert registry.quarantine("state") == [("open",)] * 3
    assert registry.states("results", "result_id") == []
    with pytest.raises(RegistryError) as raised:
        undo_decision(registry.warehouse, decided.decision_id or 0, "mg", WHY)
    assert raised.value.code == "REG-607"
    assert override(registry, feed="results") == {"overridden": 3}


@announced
def test_undoing_a_reopening_gives_the_decision_before_it_back(registry: Registry) -> None:
    registry.deliver("results", DAYS[0], row("results", **BAD))
    reject_records(registry.warehouse, Selection(feed="results"), "mg", WHY)
    reopened = reopen_records(registry.warehouse, Selection(feed="results"), "mg", WHY)
    undo_decision(registry.warehouse, reopened.decision_id or 0, "mg", WHY)
    assert registry.quarantine("state") == [("rejected",)]


@announced
def test_a_row_that_a_death_made_impossible_is_rejected_again(duckdb_registry: Registry) -> None:
    late = row("results", **LATE)
    duckdb_registry.deliver("results", DAYS[0], late)
    duckdb_registry.deliver("visits", DAYS[0], dead("2013-05-01"))
    reject_records(duckdb_registry.warehouse, Selection(feed="results"), "mg", WHY)
    duckdb_registry.deliver("results", DAYS[1], {**late, "collected_at": f"{LATE['collected_at']}:00"})
    assert duckdb_registry.quarantine("state") == [("rejected",)] * 2
    assert duckdb_registry.states("results", "result_id") == []
    duckdb_registry.check_conservation()


@pytest.mark.parametrize("why", ["", " ", "\u200b", "\u2060 \ufeff"])
def test_a_reason_can_be_seen(duckdb_registry: Registry, why: str) -> None:
    with pytest.raises(RegistryError, match="REG-603"):
        override_records(duckdb_registry.warehouse, Selection(feed="results"), "mg", why)


@pytest.mark.parametrize("who", ["", " ", "\u200b", "registry", "Registry", "registry\u200b", "\uff52egistry"])
def test_somebody_has_to_decide(duckdb_registry: Registry, who: str) -> None:
    decisions = (
        lambda: override_records(duckdb_registry.warehouse, Selection(feed="results"), who, WHY),
        lambda: reject_file(duckdb_registry.warehouse, "any", who, WHY),
        lambda: release_file(duckdb_registry.warehouse, "any", who, WHY),
    )
    for decide in decisions:
        with pytest.raises(RegistryError) as raised:
            decide()
        assert raised.value.code == "REG-606"
