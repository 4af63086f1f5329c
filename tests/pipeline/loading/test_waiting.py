"""Rows of a patient that the clinic has not announced wait, and join by themselves."""

from itertools import permutations

import pytest

from include.pipeline.derivation import derive_touched
from tests.support.extracts import row
from tests.support.registry import Registry

DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"


def test_a_row_waits_and_joins_when_its_patient_arrives(registry: Registry) -> None:
    report = registry.deliver("results", DAY_1, row("results"))
    assert (report.waiting, report.loaded) == (1, 0)
    assert registry.states("results", "result_id") == [("L1", "waiting")]
    assert registry.quarantine() == [("L1", None, "waiting")]
    assert registry.rows("SELECT * FROM clinical.current_results") == []
    registry.deliver("patients", DAY_2, row("patients"))
    assert registry.states("results", "result_id") == [("L1", "current")]
    assert registry.counts(DAY_1, "results") == {"loaded": 1}
    assert registry.quarantine() == []


def test_it_goes_on_waiting_when_others_arrive(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results"))
    registry.deliver("patients", DAY_2, row("patients", "P2"))
    assert registry.counts(DAY_1, "results") == {"waiting": 1}


def test_an_extract_of_an_earlier_day_may_announce_the_patient(registry: Registry) -> None:
    registry.deliver("results", DAY_2, row("results"))
    registry.deliver("patients", DAY_1, row("patients"))
    assert registry.states("results", "result_id") == [("L1", "current")]


def test_a_patient_whose_own_row_is_invalid_is_not_announced(registry: Registry) -> None:
    registry.deliver("patients", DAY_1, row("patients", sex="X"))
    registry.deliver("results", DAY_1, row("results"))
    assert registry.counts(DAY_1, "results") == {"waiting": 1}
    registry.deliver("patients", DAY_2, row("patients"))
    assert registry.counts(DAY_1, "results") == {"loaded": 1}


def test_of_several_versions_that_waited_the_last_is_current(registry: Registry) -> None:
    registry.deliver("results", DAY_2, row("results", value="40"))
    registry.deliver("results", DAY_1, row("results", value="30"), row("results", value="30"))
    registry.deliver("results", DAY_3, row("results", value="40"))
    assert [registry.counts(day, "results") for day in (DAY_1, DAY_2, DAY_3)] == [
        {"unchanged": 1, "waiting": 1},
        {"waiting": 1},
        {"unchanged": 1},
    ]
    registry.deliver("patients", DAY_3, row("patients"))
    assert registry.states("results", "value") == [("30", "past"), ("40", "current")]
    assert registry.counts(DAY_1, "results") == {"unchanged": 1, "loaded": 1}
    assert registry.counts(DAY_2, "results") == {"updated": 1}


def test_a_row_that_waited_is_judged_when_its_patient_is_known(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", collected_at="1949-01-02T08:15"))
    registry.deliver("patients", DAY_2, row("patients"))
    assert registry.quarantine() == [("L1", "results.collected_at.before_birth", "open")]
    assert registry.counts(DAY_1, "results") == {"quarantined": 1}


@pytest.mark.parametrize("arrival", list(permutations(range(4)))[::8])
def test_a_row_that_moves_to_a_late_patient_leaves_the_first(
    duckdb_registry: Registry, arrival: tuple[int, ...]
) -> None:
    sent = [
        (DAY_1, "patients", row("patients", "P1")),
        (DAY_1, "results", row("results", patient_id="P1")),
        (DAY_2, "results", row("results", patient_id="P2", status="corrected")),
        (DAY_3, "patients", row("patients", "P2")),
    ]
    sessions = [row("procedures", "S1"), row("procedures", "S2", patient_id="P2")]
    duckdb_registry.deliver("procedures", DAY_1, *sessions)
    for place in arrival:
        day, feed, cells = sent[place]
        duckdb_registry.deliver(feed, day, cells)
        derive_touched(duckdb_registry.warehouse)
    assert duckdb_registry.states("results", "patient_id") == [("P1", "past"), ("P2", "current")]
    graded = "SELECT DISTINCT patient_id FROM derived.lab_timepoint WHERE value IS NOT NULL"
    assert duckdb_registry.rows(graded) == [("P2",)]
