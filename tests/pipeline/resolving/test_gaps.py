"""What lies between facts and fates: keys that an unrelated night must not touch, steps that a crash comes between."""

from importlib import import_module

import pytest

from include.definitions.expectations import Rule, own_rules
from include.people.decisions import Selection, reject_records, reopen_records, replay_records
from include.pipeline.derivation import derive_touched
from tests.support.extracts import row
from tests.support.registry import Registry

DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"
announced = pytest.mark.announced("P1")
BAD = {"value": "haemolysed"}
LATE = {"collected_at": "2014-01-02T08:15"}
DEAD = row("visits", visit_date="2013-05-01", vital_status="dead", death_date="2013-05-01", death_cause="tumour")
AFTER_DEATH = "results.collected_at.after_death"
WHY = "of another person"


@announced
def test_a_night_about_others_leaves_a_late_row_of_a_rejected_key_out(registry: Registry) -> None:
    registry.deliver("visits", DAY_1, DEAD)
    registry.deliver("results", DAY_1, row("results", "L1", **BAD))
    reject_records(registry.warehouse, Selection(feed="results"), "mg", WHY)
    registry.deliver("results", DAY_2, row("results", "L1", status="corrected", **LATE))
    before = registry.quarantine(), registry.counts(DAY_2, "results")
    registry.deliver("results", DAY_3, row("results", "L9"))
    assert (registry.quarantine(), registry.counts(DAY_2, "results")) == before
    assert registry.rows("SELECT result_id FROM clinical.current_results") == [("L9",)]


def test_births_are_made_up_for_when_a_crash_comes_between_patients_and_them(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: object) -> None:
        raise KeyboardInterrupt

    registry.send("patients", DAY_1, row("patients"))
    with monkeypatch.context() as broken:
        broken.setattr(import_module("include.pipeline.resolving.resolve"), "update_births", crash)
        with pytest.raises(KeyboardInterrupt):
            registry.load()
    registry.warehouse.connection.rollback()
    derive_touched(registry.warehouse)
    assert registry.rows("SELECT patient_id FROM clinical.current_patients") == [("P1",)]
    assert registry.deliver("results", DAY_2, row("results")).loaded == 1


@announced
def test_a_row_that_was_read_again_is_not_current_before_it_is_resolved(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "results.value.unreadable"

    def without(feed: str) -> tuple[Rule, ...]:
        return tuple(one for one in own_rules(feed) if one.rule_id != rule)

    registry.deliver("results", DAY_1, row("results", value="30"))
    registry.deliver("results", DAY_2, row("results", **BAD))
    with monkeypatch.context() as mended:
        mended.setattr(import_module("include.pipeline.receiving.reread"), "own_rules", without)
        mended.setattr(import_module("include.people.decisions.records"), "resolve", lambda _: None)
        replay_records(registry.warehouse, Selection())
    assert registry.rows("SELECT value FROM clinical.current_results") == [("30",)]


@announced
def test_a_rejected_late_row_keeps_its_rule_and_is_found_by_it(registry: Registry) -> None:
    registry.deliver("visits", DAY_1, DEAD)
    registry.deliver("results", DAY_1, row("results", **LATE))
    reject_records(registry.warehouse, Selection(feed="results"), "mg", WHY)
    assert registry.quarantine() == [("L1", AFTER_DEATH, "rejected")]
    failed = f"SELECT rows_failed FROM ops.validation_result WHERE rule_id = '{AFTER_DEATH}'"
    assert registry.rows(failed) == [(1,)]
    assert reopen_records(registry.warehouse, Selection(rule_id=AFTER_DEATH), "mg", WHY).states == {"open": 1}


@announced
def test_a_file_that_was_rejected_while_it_was_read_is_not_received(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = import_module("include.people.decisions.files")
    rows = [row("results", f"L{n}", **({} if n < 15 else BAD)) for n in range(21)]
    held = registry.deliver("results", DAY_1, *rows)
    receive = import_module("include.pipeline.receiving.receive")
    keep = receive.keep

    def overtaken(*given: object) -> None:
        files.reject_file(registry.warehouse, held.load_id, "boss", WHY)
        keep(*given)

    with monkeypatch.context() as racing:
        racing.setattr(receive, "keep", overtaken)
        files.release_file(registry.warehouse, held.load_id, "mg", "it is right")
    assert registry.rows("SELECT state FROM ops.load WHERE feed = 'results'") == [("rejected",)]
    assert registry.states("results", "result_id") == []
