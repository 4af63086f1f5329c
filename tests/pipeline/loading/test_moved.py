"""A key belongs to the patient of its first version until a correction, or a person, moves it to another."""

from collections import defaultdict
from itertools import permutations

import pytest

from include.people.decisions import Selection, override_records, reject_records, reopen_records
from include.pipeline.derivation import derive_touched
from tests.support.extracts import Row, row
from tests.support.registry import Registry

pytestmark = pytest.mark.announced("A", "B")
DAY_1, DAY_2, DAY_3, DAY_4 = (f"2020-01-0{day}" for day in range(1, 5))
MOVED, REASSIGNED = "results.patient_id.moved", "results.patient_id.reassigned"
WHY = "as the laboratory says"
Sent = tuple[str, str, str]


def deliver(registry: Registry, sent: list[Sent]) -> None:
    """Result L1 as each day has it: its patient, and its state with the value behind it."""
    for one in sent:
        registry.deliver("results", one[0], cells(*one))


def cells(day: str, patient_id: str, told: str, key: str = "L1") -> Row:
    """A result as a day has it."""
    status, _, value = told.partition(" ")
    return row("results", key, patient_id=patient_id, status=status, value=value or day[-1:])


def told(registry: Registry) -> dict[tuple[str, int], str]:
    """The state of each version by its patient and day."""
    versions = registry.rows("SELECT patient_id, first_batch_date, version_state FROM clinical.results")
    return {(patient_id, day.day): state for patient_id, day, state in versions}


def failed(registry: Registry) -> list[tuple[str, ...]]:
    """The rows that fail a rule about their patient."""
    return registry.rows(
        "SELECT rule_id, patient_id FROM quarantine.failure WHERE rule_id LIKE '%.patient_id.%' ORDER BY 1, 2"
    )


def test_a_row_that_names_another_patient_is_set_aside_and_the_first_keeps_it(registry: Registry) -> None:
    deliver(registry, [(DAY_1, "A", "final"), (DAY_2, "B", "final")])
    assert told(registry) == {("A", 1): "current", ("B", 2): "quarantined"}
    assert registry.quarantine("record_key, patient_id, rule_ids, state") == [("L1", "B", MOVED, "open")]
    assert registry.counts(DAY_2, "results") == {"quarantined": 1}
    counted = f"SELECT rows_failed, status FROM ops.validation_result WHERE rule_id = '{MOVED}' AND rows_failed > 0"
    assert registry.rows(counted) == [(1, "fail")]


def test_a_correction_loads_with_a_warning_and_both_patients_are_derived_again(registry: Registry) -> None:
    deliver(registry, [(DAY_1, "A", "final")])
    derive_touched(registry.warehouse)
    deliver(registry, [(DAY_2, "B", "corrected")])
    assert told(registry) == {("A", 1): "past", ("B", 2): "current"}
    assert failed(registry) == [(REASSIGNED, "B")]
    assert registry.quarantine() == []
    assert registry.rows("SELECT patient_id FROM ops.touched_patient ORDER BY 1") == [("A",), ("B",)]


def test_one_that_waits_for_its_patient_leaves_the_first_at_once(registry: Registry) -> None:
    deliver(registry, [(DAY_1, "A", "final")])
    derive_touched(registry.warehouse)
    deliver(registry, [(DAY_2, "Z", "corrected")])
    assert told(registry) == {("A", 1): "past", ("Z", 2): "waiting"}
    assert registry.rows("SELECT patient_id FROM ops.touched_patient") == [("A",)]
    registry.deliver("patients", DAY_3, row("patients", "Z"))
    assert told(registry) == {("A", 1): "past", ("Z", 2): "current"}


WAYS: dict[str, tuple[list[Sent], dict[tuple[str, int], str]]] = {
    "it is cancelled for another": (
        [(DAY_1, "A", "final"), (DAY_2, "B", "cancelled")],
        {("A", 1): "current", ("B", 2): "quarantined"},
    ),
    "of somebody unknown": (
        [(DAY_1, "A", "final"), (DAY_2, "Z", "final")],
        {("A", 1): "current", ("Z", 2): "quarantined"},
    ),
    "the first version waits": (
        [(DAY_1, "Z", "final"), (DAY_2, "A", "final"), (DAY_3, "A", "corrected")],
        {("Z", 1): "waiting", ("A", 2): "quarantined", ("A", 3): "current"},
    ),
    "there, and the old patient again": (
        [(DAY_1, "A", "final"), (DAY_2, "B", "corrected"), (DAY_3, "A", "final 30")],
        {("A", 1): "past", ("B", 2): "current", ("A", 3): "quarantined"},
    ),
    "there and back": (
        [(DAY_1, "A", "final"), (DAY_2, "B", "corrected"), (DAY_3, "A", "corrected"), (DAY_4, "A", "final")],
        {("A", 1): "past", ("B", 2): "past", ("A", 3): "past", ("A", 4): "current"},
    ),
    "there, back and there again": (
        [(DAY_1, "A", "final"), (DAY_2, "B", "corrected 7"), (DAY_3, "A", "corrected"), (DAY_4, "B", "corrected 7")],
        {("A", 1): "past", ("B", 2): "past", ("A", 3): "past", ("B", 4): "current"},
    ),
    "the first patient's row again": (
        [(DAY_1, "A", "final 5"), (DAY_2, "B", "corrected"), (DAY_3, "A", "final 5")],
        {("A", 1): "past", ("B", 2): "current", ("A", 3): "quarantined"},
    ),
    "on to a third": (
        [(DAY_1, "A", "final"), (DAY_2, "B", "corrected"), (DAY_3, "Z", "corrected"), (DAY_4, "B", "final")],
        {("A", 1): "past", ("B", 2): "past", ("Z", 3): "waiting", ("B", 4): "quarantined"},
    ),
    "corrected after it was set aside": (
        [(DAY_1, "A", "final"), (DAY_2, "B", "final"), (DAY_3, "B", "corrected")],
        {("A", 1): "past", ("B", 2): "quarantined", ("B", 3): "current"},
    ),
    "a preliminary one of the new patient": (
        [(DAY_1, "A", "final"), (DAY_2, "B", "corrected"), (DAY_3, "B", "preliminary")],
        {("A", 1): "past", ("B", 2): "current", ("B", 3): "past"},
    ),
}


def test_the_order_of_arrival_does_not_matter(duckdb_registry: Registry) -> None:
    orders = [(way, order) for way, (sent, _) in WAYS.items() for order in permutations(sent)]
    duckdb_registry.deliver_in_turn(
        *(
            [("results", one[0], cells(*one, key=f"{number}")) for one in order]
            for number, (_, order) in enumerate(orders)
        )
    )
    found: dict[str, dict[tuple[str, int], str]] = defaultdict(dict)
    for key, patient_id, day, state in duckdb_registry.rows(
        "SELECT result_id, patient_id, first_batch_date, version_state FROM clinical.results"
    ):
        found[key][patient_id, day.day] = state
    for number, (way, order) in enumerate(orders):
        assert found[f"{number}"] == WAYS[way][1], (way, order)


@pytest.mark.parametrize("again", ["A", "B"])
def test_a_row_that_is_sent_again_changes_nothing(duckdb_registry: Registry, again: str) -> None:
    rows = {name: row("results", patient_id=name) for name in "AB"}
    duckdb_registry.deliver("results", DAY_1, *rows.values())
    duckdb_registry.deliver("results", DAY_2, rows[again])
    assert told(duckdb_registry) == {("A", 1): "current", ("B", 1): "quarantined"}
    assert duckdb_registry.counts(DAY_1, "results") == {"loaded": 1, "quarantined": 1}
    assert duckdb_registry.counts(DAY_2, "results") == {"unchanged": 1}
    assert duckdb_registry.quarantine("patient_id, state") == [("B", "open")]


def test_an_override_says_that_the_key_may_be_of_this_patient(registry: Registry) -> None:
    deliver(registry, [(DAY_1, "A", "final"), (DAY_2, "B", "final")])
    derive_touched(registry.warehouse)
    selection = Selection(rule_id=MOVED)
    assert override_records(registry.warehouse, selection, "mg", WHY).states == {"overridden": 1}
    assert told(registry) == {("A", 1): "past", ("B", 2): "current"}
    assert registry.rows("SELECT patient_id FROM ops.touched_patient ORDER BY 1") == [("A",), ("B",)]
    deliver(registry, [(DAY_3, "A", "final"), (DAY_4, "B", "final")])
    assert told(registry) == {("A", 1): "past", ("B", 2): "past", ("A", 3): "quarantined", ("B", 4): "current"}
    assert reopen_records(registry.warehouse, Selection(feed="results"), "mg", WHY).states["open"] >= 1
    assert told(registry) == {
        ("A", 1): "past",
        ("B", 2): "quarantined",
        ("A", 3): "current",
        ("B", 4): "quarantined",
    }
    registry.check_conservation()


def test_an_overridden_row_of_an_unknown_patient_waits(duckdb_registry: Registry) -> None:
    deliver(duckdb_registry, [(DAY_1, "A", "final"), (DAY_2, "Z", "final")])
    override_records(duckdb_registry.warehouse, Selection(rule_id=MOVED), "mg", WHY)
    assert told(duckdb_registry) == {("A", 1): "past", ("Z", 2): "waiting"}
    assert duckdb_registry.quarantine("state, decided_by") == [("waiting", "mg")]
    assert duckdb_registry.counts(DAY_2, "results") == {"waiting": 1}
    duckdb_registry.deliver("patients", DAY_3, row("patients", "Z"))
    assert duckdb_registry.quarantine("state") == [("overridden",)]
    reopen_records(duckdb_registry.warehouse, Selection(feed="results"), "mg", WHY)
    assert told(duckdb_registry) == {("A", 1): "current", ("Z", 2): "quarantined"}


def test_without_the_first_version_the_key_is_the_next_ones(duckdb_registry: Registry) -> None:
    deliver(duckdb_registry, [(DAY_1, "Z", "final"), (DAY_2, "B", "final")])
    reject_records(duckdb_registry.warehouse, Selection(feed="results"), "mg", WHY)
    assert told(duckdb_registry) == {}
    reopen_records(duckdb_registry.warehouse, Selection(feed="results"), "mg", WHY)
    assert told(duckdb_registry) == {("Z", 1): "waiting", ("B", 2): "quarantined"}
    first = duckdb_registry.rows("SELECT load_id FROM quarantine.record WHERE patient_id = 'Z'")[0][0]
    reject_records(duckdb_registry.warehouse, Selection(load_id=first), "mg", WHY)
    assert told(duckdb_registry) == {("B", 2): "current"}


def test_what_is_right_for_one_patient_does_not_close_what_is_open_of_another(duckdb_registry: Registry) -> None:
    deliver(duckdb_registry, [(DAY_1, "A", "final"), (DAY_2, "B", "final"), (DAY_3, "A", "final")])
    assert duckdb_registry.quarantine("patient_id, state") == [("B", "open")]
    deliver(duckdb_registry, [(DAY_4, "B", "corrected")])
    assert duckdb_registry.quarantine("patient_id, state") == [("B", "corrected")]


def dead(**cells: str) -> Row:
    """A visit that reports a death before the result of 2012."""
    return row(
        "visits", visit_date="2011-05-01", vital_status="dead", death_date="2011-05-01", death_cause="tumour", **cells
    )


def died(registry: Registry) -> list[tuple[str]]:
    """The patients that are dead."""
    return registry.rows("SELECT patient_id FROM clinical.lifespan WHERE death_date IS NOT NULL")


@pytest.mark.parametrize("status", ["final", "corrected"])
def test_a_death_is_that_of_the_visits_owner(registry: Registry, status: str) -> None:
    registry.deliver("results", DAY_1, row("results", "L1", patient_id="A"), row("results", "L2", patient_id="B"))
    registry.deliver("visits", DAY_1, row("visits", patient_id="A"))
    registry.deliver("visits", DAY_2, dead(patient_id="B", status=status))
    dies = status == "corrected"
    assert died(registry) == ([("B",)] if dies else [])
    assert registry.states("results", "patient_id") == [("A", "current"), ("B", "quarantined" if dies else "current")]


def test_an_override_of_a_moved_death_is_known_at_once(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", patient_id="B"))
    registry.deliver("visits", DAY_1, row("visits", patient_id="A"))
    registry.deliver("visits", DAY_2, dead(patient_id="B"))
    override_records(registry.warehouse, Selection(feed="visits"), "mg", WHY)
    assert died(registry) == [("B",)]
    assert registry.states("results", "patient_id") == [("B", "quarantined")]
    reopen_records(registry.warehouse, Selection(feed="visits"), "mg", WHY)
    assert died(registry) == []
    assert registry.states("results", "patient_id") == [("B", "current")]


def test_a_death_that_moves_to_an_unknown_patient_is_nobodys_meanwhile(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, dead(patient_id="A"))
    assert died(duckdb_registry) == [("A",)]
    duckdb_registry.deliver("visits", DAY_2, dead(patient_id="Z", status="corrected"))
    assert died(duckdb_registry) == []
    duckdb_registry.deliver("patients", DAY_3, row("patients", "Z"))
    assert died(duckdb_registry) == [("Z",)]
