"""Tonight says what a night changed in the main estimates, as the marts told them before and tell them now."""

import pytest

from include.monitor.estimates import Estimates, estimates
from include.people.decisions import reject_file
from tests.support.extracts import row
from tests.support.registry import Registry, registry

__all__ = ["registry"]

FIRST, SECOND = "2020-01-01", "2020-01-02"
PATIENTS = ("P1", "P2")
DEATH = {"vital_status": "dead", "death_date": "2014-02-20", "death_cause": "tumour"}


def treated(registry: Registry) -> None:
    """Two treated patients who live."""
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


def deaths(told: Estimates) -> list[tuple[int, int]]:
    """Overall survival from the first procedure, where it changed: deaths before and now."""
    label = "Overall survival from first procedure"
    return [(row["events_before"], row["events"]) for row in told.changed if row["subject"] == label]


def test_a_night_is_compared_with_the_last_refresh_of_the_day_before(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALL_CELL", "0")
    treated(registry)
    alone = estimates(registry.warehouse)
    die(registry, "P1")
    first = estimates(registry.warehouse)
    die(registry, *PATIENTS)
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


def test_what_marts_withhold_is_kept_nowhere(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALL_CELL", "0")
    treated(registry)
    monkeypatch.setenv("SMALL_CELL", "5")
    die(registry, "P1")
    told = estimates(registry.warehouse)

    kept = registry.rows(f"SELECT patients, events, value FROM ops.estimate WHERE data_cutoff_date = '{SECOND}'")
    assert {number for row in kept for number in row} <= {None}
    assert (str(told.day), str(told.day_before)) == (SECOND, FIRST)
    assert 2 in {row["patients_before"] for row in told.changed}
    assert {row["patients"] for row in told.changed} == {None}
