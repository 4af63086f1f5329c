"""A death that is reported without a date that counts: never alive, its time unknown, until the date comes."""

from typing import Any

from include.people.decisions import Selection, override_records, reject_records, reopen_records
from include.pipeline.derivation import derive_touched
from include.pipeline.validation.cross_feed import cross_check
from include.warehouse.near import Near
from tests.support.extracts import Row, row
from tests.support.making import make
from tests.support.registry import Registry

DAY_1, DAY_2 = "2020-06-01", "2020-06-02"
DEATH: Row = {"visit_date": "2020-05-01", "vital_status": "dead", "death_date": "2020-04-01", "death_cause": "tumour"}
UNKNOWN, NO_VISIT = "death date unknown", "death without a visit"
DATED = ("dead", None, True, "death")
LIVING = ("alive", None, False, "last known alive")


def visit(patient: str, key: str | None = None, **cells: str) -> Row:
    """A visit that reports the death of a patient."""
    return row("visits", key or patient, patient_id=patient, **{**DEATH, **cells})


def undated(reason: str) -> tuple[Any, ...]:
    """What is derived of a patient whose death has no date."""
    return "dead", reason, None, reason


CASES: dict[str, tuple[str, dict[str, str], tuple[Any, ...]]] = {
    "dated": ("visits", DEATH, DATED),
    "missing": ("visits", {**DEATH, "death_date": ""}, undated(UNKNOWN)),
    "partial": ("visits", {**DEATH, "death_date": "2020-04"}, DATED),
    "not even a month": ("visits", {**DEATH, "death_date": "2020-xx"}, undated(UNKNOWN)),
    "in the future": ("visits", {**DEATH, "death_date": "2020-07-01"}, undated(UNKNOWN)),
    "before birth": ("visits", {**DEATH, "death_date": "1950-01-01"}, undated(UNKNOWN)),
    "set aside for another reason": ("visits", {**DEATH, "visit_date": "soon"}, undated(UNKNOWN)),
    "another cell set aside alone": ("visits", {**DEATH, "ecog": "many"}, DATED),
    "another spelling": ("visits", {**DEATH, "vital_status": "Dead"}, undated(UNKNOWN)),
    "a date without the status": ("visits", {**DEATH, "vital_status": ""}, undated(UNKNOWN)),
    "an event alone": ("adverse_events", {"term": "death"}, undated(NO_VISIT)),
    "an event of grade 5 that is set aside": ("adverse_events", {"ctcae_grade": "5", "serious": ""}, undated(NO_VISIT)),
    "alive and set aside": ("visits", {"visit_date": "soon"}, LIVING),
    "withdrawn": ("visits", {**DEATH, "death_date": "", "status": "cancelled"}, LIVING),
}


def derived(registry: Registry) -> dict[str, tuple[Any, ...]]:
    """Vital status, why the date is unknown, and what ends overall survival, by patient."""
    make(registry.warehouse, "derived.follow_up", "derived.survival_time")
    found = registry.rows(
        "SELECT f.patient_id, f.vital_status, f.reason, t.event, t.reason FROM derived.follow_up AS f "
        "INNER JOIN derived.survival_time AS t ON f.patient_id = t.patient_id "
        "WHERE t.endpoint = 'os_treatment' AND (t.days IS NULL) = (t.event IS NULL)"
    )
    return {patient: tuple(rest) for patient, *rest in found}


def announce(registry: Registry, *patients: str) -> None:
    """Patients with a session each."""
    registry.send("patients", DAY_1, *(row("patients", name) for name in patients))
    registry.send("procedures", DAY_1, *(row("procedures", name, patient_id=name) for name in patients))


def test_whatever_keeps_the_date_out_the_patient_is_dead(registry: Registry) -> None:
    announce(registry, *CASES)
    for name, (feed, cells, _) in CASES.items():
        registry.send(feed, DAY_1, row(feed, name, patient_id=name, **cells), name=f"{name}.csv".replace(" ", "_"))
    registry.load()
    assert derived(registry) == {name: expected for name, (_, _, expected) in CASES.items()}
    cross_check(registry.warehouse, Near(registry.warehouse))
    told = registry.rows(
        "SELECT record_key FROM quarantine.failure WHERE rule_id = 'patients.patient_id.dead_without_date'"
    )
    assert {key for (key,) in told} == {name for name, (_, _, e) in CASES.items() if e == undated(UNKNOWN)}


def test_the_date_settles_it_in_any_order(duckdb_registry: Registry) -> None:
    """Of each order of arrival three patients: dated by another visit, by a correction, never."""
    orders = [(0, 1, 2), (1, 2, 0), (2, 1, 0)]
    announce(duckdb_registry, *(f"{name} {n}" for n in range(3) for name in ("other visit", "corrected", "never")))
    duckdb_registry.load()
    for turn in range(3):
        for n, order in enumerate(orders):
            without = [visit(f"{name} {n}", death_date="") for name in ("other visit", "corrected", "never")]
            dated = [visit(f"other visit {n}", f"second {n}"), visit(f"corrected {n}")]
            day, rows = [(DAY_1, without[:2]), (DAY_2, dated), (DAY_2, without[2:])][order[turn]]
            duckdb_registry.send("visits", day, *rows, name=f"{n}-{order[turn]}.csv")
        duckdb_registry.load()
        make(duckdb_registry.warehouse, "derived.follow_up", "derived.survival_time")
    expected = {"other visit": DATED, "corrected": DATED, "never": undated(UNKNOWN)}
    assert derived(duckdb_registry) == {f"{name} {n}": told for n in range(3) for name, told in expected.items()}


def test_a_report_counts_while_its_row_is_open(duckdb_registry: Registry) -> None:
    registry = duckdb_registry
    announce(registry, "P1")
    registry.send("visits", DAY_1, visit("P1", death_date="spring"))
    registry.load()
    assert derived(registry) == {"P1": undated(UNKNOWN)}
    reject_records(registry.warehouse, Selection(feed="visits"), "mg", "a sample of another person")
    assert derived(registry) == {"P1": LIVING}
    reopen_records(registry.warehouse, Selection(feed="visits"), "mg", "our mistake")
    assert derived(registry) == {"P1": undated(UNKNOWN)}
    assert derive_touched(registry.warehouse).patients == 0
    living = {"vital_status": "alive", "death_date": "", "death_cause": "", "status": "corrected"}
    registry.deliver("visits", DAY_2, visit("P1", **living))
    assert derived(registry) == {"P1": LIVING}


def test_an_override_lets_the_report_in_without_making_the_patient_live(duckdb_registry: Registry) -> None:
    registry = duckdb_registry
    announce(registry, "P1")
    registry.send("visits", DAY_1, visit("P1", death_date=""))
    registry.load()
    override_records(registry.warehouse, Selection(feed="visits"), "mg", "the clinic does not know it")
    assert registry.states("visits", "visit_id") == [("P1", "current")]
    assert derived(registry) == {"P1": undated(UNKNOWN)}
