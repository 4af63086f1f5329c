"""A rejected record is out for good, until somebody reopens it."""

import pytest

from include.people.decisions import Selection, override_records, reject_records, reopen_records
from include.pipeline.derivation import derive_touched
from tests.support.extracts import row
from tests.support.registry import Registry

DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"
announced = pytest.mark.announced("P1")
WHY = "a sample of another person"
BAD = {"value": "haemolysed"}
DEATH = row("visits", visit_date="2013-05-01", vital_status="dead", death_date="2013-05-01", death_cause="tumour")


def reject(registry: Registry, **selection: object) -> dict[str, int]:
    """Reject as the registry manager would; the states of the records afterwards."""
    return reject_records(registry.warehouse, Selection(**selection), "mg", WHY).states  # type: ignore[arg-type]


def reopen(registry: Registry, **selection: object) -> dict[str, int]:
    """Reopen; the states of the records afterwards."""
    return reopen_records(registry.warehouse, Selection(**selection), "mg", "our mistake").states  # type: ignore[arg-type]


def test_a_waiting_row_that_is_rejected_does_not_join(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results"))
    assert reject(registry, feed="results") == {"rejected": 1}
    assert registry.counts(DAY_1, "results") == {"quarantined": 1}
    registry.deliver("patients", DAY_1, row("patients"))
    assert registry.states("results", "result_id") == []
    assert registry.quarantine("state, reason, decided_by") == [("rejected", WHY, "mg")]
    registry.check_conservation()


def test_reopened_it_joins(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results"))
    reject(duckdb_registry, feed="results")
    duckdb_registry.deliver("patients", DAY_1, row("patients"))
    assert reopen(duckdb_registry, feed="results") == {"loaded": 1}
    assert duckdb_registry.states("results", "result_id") == [("L1", "current")]
    assert duckdb_registry.counts(DAY_1, "results") == {"loaded": 1}


def test_reopened_before_its_patient_is_there_it_waits(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results"))
    reject(duckdb_registry, feed="results")
    assert reopen(duckdb_registry, feed="results") == {"waiting": 1}
    assert duckdb_registry.counts(DAY_1, "results") == {"waiting": 1}


@announced
def test_a_corrected_death_does_not_bring_a_rejected_row_back(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, DEATH)
    duckdb_registry.deliver("results", DAY_1, row("results", collected_at="2014-01-02T08:15"))
    reject(duckdb_registry, feed="results")
    duckdb_registry.deliver("visits", DAY_2, {**DEATH, "status": "cancelled"})
    assert duckdb_registry.states("results", "result_id") == []
    assert reopen(duckdb_registry, feed="results") == {"loaded": 1}
    assert duckdb_registry.states("results", "result_id") == [("L1", "current")]
    duckdb_registry.check_conservation()


def test_a_rejected_death_is_no_death(duckdb_registry: Registry) -> None:
    later = {"diagnosis_date": "2014-01-10", "liver_metastases_date": "2014-02-01"}
    duckdb_registry.deliver("patients", DAY_1, row("patients", birth_date="2013-06-01", **later))
    duckdb_registry.deliver("visits", DAY_1, DEATH)
    assert duckdb_registry.quarantine("state") == [("open",)]
    reject(duckdb_registry, feed="visits")
    duckdb_registry.deliver("patients", DAY_2, row("patients", birth_date="1950-06-15"))
    assert duckdb_registry.rows("SELECT CAST(death_date AS TEXT) FROM clinical.lifespan") == [(None,)]
    assert reopen(duckdb_registry, feed="visits") == {"loaded": 1}
    assert duckdb_registry.rows("SELECT CAST(death_date AS TEXT) FROM clinical.lifespan") == [("2013-05-01",)]


@announced
def test_a_corrected_version_loads_whatever_was_rejected_before(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **BAD))
    reject(duckdb_registry, rule_id="results.value.unreadable")
    duckdb_registry.deliver("results", DAY_2, row("results", status="corrected"))
    assert duckdb_registry.states("results", "value") == [("30", "current")]
    assert duckdb_registry.quarantine("state") == [("rejected",)]


@announced
def test_what_says_the_same_shares_the_decision(registry: Registry) -> None:
    first = registry.deliver("results", DAY_1, row("results", **BAD)).load_id
    registry.deliver("results", DAY_2, row("results", **BAD))
    assert reject(registry, load_id=first) == {"rejected": 2}
    registry.deliver("results", "2020-01-03", row("results", **BAD))
    assert registry.quarantine("state, decided_by, reason") == [
        ("rejected", "mg", WHY),
        ("rejected", "mg", WHY),
        ("rejected", "mg", WHY),
    ]
    assert registry.counts("2020-01-03", "results") == {"quarantined": 1}
    registry.deliver("results", "2020-01-04", row("results", value="clotted"))
    assert registry.quarantine("state") == [("open",)] + [("rejected",)] * 3
    assert reopen(registry, load_id=first) == {"open": 3}
    registry.deliver("results", "2020-01-05", row("results", **BAD))
    assert registry.quarantine("state") == [("open",)] * 5
    registry.check_conservation()


def test_a_row_that_waits_is_rejected_again_and_stays_out_when_its_patient_is_there(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results"))
    reject(duckdb_registry, feed="results")
    duckdb_registry.deliver("results", DAY_2, row("results"))
    assert duckdb_registry.quarantine("state") == [("rejected",)] * 2
    assert duckdb_registry.counts(DAY_2, "results") == {"quarantined": 1}
    assert duckdb_registry.states("results", "result_id") == []
    duckdb_registry.deliver("patients", DAY_2, row("patients"))
    duckdb_registry.deliver("results", "2020-01-03", row("results"), row("results", "L2"))
    assert duckdb_registry.states("results", "result_id") == [("L2", "current")]
    assert duckdb_registry.counts("2020-01-03", "results") == {"loaded": 1, "quarantined": 1}
    assert duckdb_registry.quarantine("state") == [("rejected",)] * 3
    assert reopen(duckdb_registry, feed="results") == {"loaded": 1, "unchanged": 2}
    assert duckdb_registry.states("results", "result_id") == [("L1", "current"), ("L2", "current")]
    duckdb_registry.check_conservation()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["row first", "death first"])
def test_a_rejected_late_row_stays_out_whether_it_or_a_cancelled_death_comes_first(
    duckdb_registry: Registry, order: tuple[int]
) -> None:
    late = row("results", collected_at="2014-01-02T08:15")
    for feed, cells in (("patients", row("patients")), ("visits", DEATH), ("results", late)):
        duckdb_registry.deliver(feed, DAY_1, cells)
    reject(duckdb_registry, feed="results")
    sent = (("results", late), ("visits", {**DEATH, "status": "cancelled"}))
    for place in order:
        feed, cells = sent[place]
        duckdb_registry.deliver(feed, DAY_2, cells)
    assert duckdb_registry.states("results", "result_id") == []
    assert duckdb_registry.quarantine("state") == [("rejected",)] * 2
    duckdb_registry.check_conservation()


@announced
def test_it_is_rejected_again_whether_it_or_a_corrected_version_comes_first(duckdb_registry: Registry) -> None:
    sent = {DAY_2: BAD, DAY_3: {"value": "33"}}
    orders = {"L1": (DAY_2, DAY_3), "L2": (DAY_3, DAY_2)}
    duckdb_registry.deliver("results", DAY_1, *(row("results", key, **BAD) for key in orders))
    reject(duckdb_registry, feed="results")
    duckdb_registry.deliver_in_turn(
        *([("results", day, row("results", key, **sent[day])) for day in order] for key, order in orders.items())
    )
    assert duckdb_registry.quarantine("state") == [("rejected",)] * 4
    assert duckdb_registry.states("results", "result_id") == [("L1", "current"), ("L2", "current")]
    duckdb_registry.check_conservation()


@announced
def test_an_override_of_its_value_does_not_let_in_what_was_rejected(duckdb_registry: Registry) -> None:
    impossible = row("results", value="90000")
    duckdb_registry.deliver("results", DAY_1, impossible)
    reject(duckdb_registry, feed="results")
    other = duckdb_registry.deliver("results", DAY_2, {**impossible, "reference_low": "7"}).load_id
    override_records(duckdb_registry.warehouse, Selection(load_id=other), "mg", WHY)
    duckdb_registry.deliver("results", "2020-01-03", impossible)
    assert duckdb_registry.states("results", "reference_low") == [(7, "current")]
    assert duckdb_registry.counts("2020-01-03", "results") == {"quarantined": 1}
    assert reopen(duckdb_registry, load_id=other) == {"open": 1}
    assert duckdb_registry.quarantine("state") == [("open",), ("rejected",), ("rejected",)]


@announced
def test_what_a_later_version_had_corrected_is_rejected_with_its_twin(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **BAD))
    duckdb_registry.deliver("results", DAY_2, row("results", value="90000"))
    override_records(duckdb_registry.warehouse, Selection(rule_id="results.value.impossible"), "mg", WHY)
    twin = duckdb_registry.deliver("results", "2020-01-03", row("results", **BAD)).load_id
    assert reject(duckdb_registry, load_id=twin) == {"rejected": 2}
    assert reopen(duckdb_registry, rule_id="results.value.impossible") == {"open": 1}
    assert duckdb_registry.quarantine("state") == [("open",), ("rejected",), ("rejected",)]
    assert reopen(duckdb_registry, load_id=twin) == {"open": 2}


@announced
def test_a_row_is_known_again_by_what_the_record_could_not_hold_of_it(registry: Registry) -> None:
    unreadable = row("results", reference_low="abc", collected_at="2014-01-02T08:15")
    corrected = {**unreadable, "status": "corrected"}
    registry.deliver("results", DAY_1, unreadable)
    second = registry.deliver("results", DAY_2, corrected).load_id
    registry.deliver("visits", DAY_2, DEATH)
    assert reject(registry, load_id=second) == {"rejected": 1}
    registry.deliver("results", "2020-01-03", corrected)
    registry.deliver("results", "2020-01-04", {**corrected, "reference_low": ""})
    assert registry.quarantine("state") == [("open",), ("open",), ("rejected",), ("rejected",)]


@announced
def test_a_row_after_death_is_rejected_again(registry: Registry) -> None:
    registry.deliver("visits", DAY_1, DEATH)
    for day in (DAY_1, DAY_2):
        registry.deliver("results", day, row("results", collected_at="2014-01-02T08:15"))
        if day == DAY_1:
            reject(registry, feed="results")
    assert registry.quarantine("state") == [("rejected",)] * 2
    registry.deliver("visits", DAY_2, {**DEATH, "status": "cancelled"})
    assert registry.states("results", "result_id") == []
    assert reopen(registry, feed="results") == {"loaded": 1, "unchanged": 1}
    assert registry.states("results", "result_id") == [("L1", "current")]
    registry.check_conservation()


@announced
def test_the_trail_has_every_step(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **BAD))
    reject(duckdb_registry, feed="results")
    reopen(duckdb_registry, feed="results")
    assert duckdb_registry.rows(
        "SELECT from_state, to_state, decided_by, reason FROM quarantine.decision "
        "WHERE subject = 'record' ORDER BY decided_at, decision_id"
    ) == [("open", "rejected", "mg", WHY), ("rejected", "open", "mg", "our mistake")]


def test_a_patient_who_leaves_the_record_takes_nobody_along(registry: Registry) -> None:
    registry.deliver("patients", DAY_1, row("patients", birth_date="1850-01-01"))
    chosen = Selection(feed="patients")
    assert override_records(registry.warehouse, chosen, "mg", WHY).states == {"overridden": 1}
    registry.deliver("results", DAY_1, row("results"))
    derive_touched(registry.warehouse)
    assert reopen(registry, feed="patients") == {"open": 1}
    assert registry.states("results", "result_id") == [("L1", "waiting")]
    assert registry.counts(DAY_1, "results") == {"waiting": 1}
    derive_touched(registry.warehouse)
    assert registry.rows("SELECT * FROM derived.follow_up") == []
    override_records(registry.warehouse, chosen, "mg", WHY)
    assert registry.states("results", "result_id") == [("L1", "current")]
    registry.check_conservation()
