"""Tonight says what a night changed in the main estimates, as the marts told them before and tell them now."""

import pytest

from include.monitor.estimates import Estimates, estimates
from include.people.decisions import reject_file
from tests.support.extracts import row
from tests.support.registry import Registry, duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]

FIRST, SECOND, THIRD = "2020-01-01", "2020-01-02", "2020-01-03"
PATIENTS = ("P1", "P2", "P3", "P4")
SURVIVAL = "Overall survival from first procedure"
DEATH = {"vital_status": "dead", "death_date": "2014-02-20", "death_cause": "tumour"}


def treated(registry: Registry) -> None:
    """Four treated patients who live."""
    registry.send("patients", FIRST, *(row("patients", patient) for patient in PATIENTS))
    for feed in ("procedures", "visits"):
        registry.send(feed, FIRST, *(row(feed, f"{feed} {one}", patient_id=one) for one in PATIENTS))
    registry.finish()


def die(registry: Registry, *patients: str) -> None:
    """A file of the second day: they are dead."""
    name = f"{len(patients)}.csv"
    visits = [row("visits", f"V {one}", patient_id=one, visit_date="2014-02-20", **DEATH) for one in patients]
    registry.send("visits", SECOND, *visits, name=name)
    registry.finish()


def deaths(told: Estimates) -> list[tuple[int | None, int | None]]:
    """Overall survival from the first procedure, where it changed: deaths before and now, None = withheld."""
    return [(row["events_before"], row["events"]) for row in told.changed if row["subject"] == SURVIVAL]


def kept(registry: Registry) -> set[tuple[str, int]]:
    """The days of which ops.estimate keeps something, and the limits under which that was told."""
    return {(str(day), limit) for day, limit in registry.rows("SELECT data_cutoff_date, small_cell FROM ops.estimate")}


def test_a_night_is_compared_with_the_last_refresh_of_the_day_before(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_CELL", "0")
    treated(registry)
    alone = estimates(registry.warehouse)
    die(registry, "P1")
    first = estimates(registry.warehouse)
    die(registry, "P1", "P2")
    both = estimates(registry.warehouse)

    assert (str(alone.day), alone.day_before, alone.changed) == (FIRST, None, [])
    assert (str(both.day), str(both.day_before), both.is_redefined) == (SECOND, FIRST, False)
    assert (deaths(first), deaths(both)) == ([(0, 1)], [(0, 2)])
    assert {row["measure"] for row in both.changed} == {"survival"}
    assert {row["measure"] for row in both.same} > {"response"}


def test_a_night_that_is_refused_leaves_the_estimates_of_the_day_before(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_CELL", "0")
    treated(registry)
    registry.put("visits", SECOND, b"no columns of the feed\n1\n")
    registry.finish()
    ((load_id,),) = registry.rows("SELECT load_id FROM ops.load WHERE state = 'held'")
    reject_file(registry.warehouse, load_id, "mg", "wrong")
    registry.finish()

    assert str(estimates(registry.warehouse).day) == FIRST


def test_a_higher_limit_forgets_what_was_told_under_a_lower_one(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_CELL", "0")
    treated(registry)
    before = kept(registry)
    monkeypatch.setenv("SMALL_CELL", "2")
    die(registry, "P1")

    assert before == {(FIRST, 0)}
    assert kept(registry) == {(SECOND, 2)}
    assert estimates(registry.warehouse).day_before is None


def test_where_only_the_events_are_few_only_they_are_withheld(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_CELL", "2")
    treated(registry)
    die(registry, "P1")
    few = estimates(registry.warehouse)
    die(registry, "P1", "P2", "P3")
    more = estimates(registry.warehouse)

    assert (few.changed, {row["patients"] for row in few.same if row["subject"] == SURVIVAL}) == ([], {4})
    assert {row["events"] for row in few.same if row["subject"] == SURVIVAL} == {None}
    assert deaths(more) == [(None, 2)]


def test_a_lower_limit_is_told_as_another_definition(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_CELL", "3")
    treated(registry)
    monkeypatch.setenv("SMALL_CELL", "2")
    die(registry, "P1")
    told = estimates(registry.warehouse)

    assert (str(told.day_before), told.is_redefined) == (FIRST, True)
    assert [(row["patients_before"], row["patients"]) for row in told.same if row["subject"] == SURVIVAL] == [(3, 4)]


def test_what_is_withheld_now_is_compared_with_what_was_told(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_CELL", "3")
    treated(registry)
    registry.send("procedures", SECOND, row("procedures", "procedures P1", patient_id="P1", status="cancelled"))
    registry.finish()
    told = estimates(registry.warehouse)
    registry.warehouse.run("UPDATE ops.estimate SET fingerprint = 'of another program'")

    assert (kept(registry), told.is_redefined) == ({(FIRST, 3)}, False)
    assert {(row["patients_before"], row["patients"]) for row in told.changed + told.same} == {(3, None)}
    assert estimates(registry.warehouse).is_redefined


def test_two_days_are_kept(registry: Registry) -> None:
    treated(registry)
    die(registry, "P1")
    registry.send("visits", THIRD, row("visits", "V P2", patient_id="P2", visit_date="2014-02-20"))
    registry.finish()

    assert kept(registry) == {(SECOND, 0), (THIRD, 0)}


def test_severe_toxicity_is_told_by_the_edition_of_the_setting(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a baseline above the ULN a value of 3.25 times it is grade 2 by v5 and grade 3 by v6."""
    monkeypatch.setenv("SMALL_CELL", "0")
    treated(duckdb_registry)
    values = {"2012-01-02T08:15": "40", "2012-01-08T08:15": "130"}
    results = [row("results", day, collected_at=day, value=value) for day, value in values.items()]
    duckdb_registry.send("results", FIRST, *results)
    duckdb_registry.finish()
    told = "SELECT criteria, events, patients FROM ops.estimate WHERE measure = 'toxicity' AND subject = 'AST'"
    assert duckdb_registry.rows(told) == [("ctcae_v5", 0, 1)]
    warehouse = duckdb_registry.warehouse
    warehouse.run("UPDATE reference.setting SET value = 4 WHERE name = 'main_toxicity_edition'")
    warehouse.run("DELETE FROM ops.estimate")
    warehouse.run_file("ops/keep_estimate", fingerprint="another")
    assert duckdb_registry.rows(told) == [("ctcae_v6", 1, 1)]
