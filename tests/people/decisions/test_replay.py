"""After a rule was mended the open rows are judged again, and those that pass load as if they always had."""

from collections.abc import Callable
from importlib import import_module

import pytest

from include.definitions.expectations import Rule, own_rules
from include.people.decisions import Selection, replay_records
from tests.support.extracts import row
from tests.support.registry import Registry

DAY_1, DAY_2 = "2020-01-01", "2020-01-02"
announced = pytest.mark.announced("P1")
RULE = "results.value.impossible"
Mend = Callable[[], None]


@pytest.fixture
def mend(monkeypatch: pytest.MonkeyPatch) -> Mend:
    """Take the rule out of the suite, as somebody who mends it would."""

    def mended(feed: str) -> list[Rule]:
        return [rule for rule in own_rules(feed) if rule.rule_id != RULE]

    return lambda: monkeypatch.setattr(import_module("include.pipeline.receiving.reread"), "own_rules", mended)


def replay(registry: Registry) -> dict[str, int]:
    """Replay every open record; the states of the records afterwards."""
    return replay_records(registry.warehouse, Selection()).states


@announced
def test_rows_that_pass_now_load_and_the_others_stay(registry: Registry, mend: Mend) -> None:
    registry.deliver("results", DAY_1, row("results", "L1", value="90000"), row("results", "L2", value="x"))
    assert replay(registry) == {"open": 2}
    mend()
    assert replay(registry) == {"loaded": 1, "open": 1}
    assert registry.states("results", "result_id") == [("L1", "current")]
    assert registry.counts(DAY_1, "results") == {"loaded": 1, "quarantined": 1}
    assert registry.rows(f"SELECT rows_failed FROM ops.validation_result WHERE rule_id = '{RULE}'") == [(0,)]
    assert replay(registry) == {"open": 1}
    registry.check_conservation()


@announced
def test_what_a_rule_says_of_several_rows_holds_for_the_one_that_is_replayed(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", "L1", value="x"), row("results", "L1", value="y"))
    repeated = "SELECT rows_failed, status FROM ops.validation_result WHERE rule_id = 'results.result_id.repeated'"
    assert registry.rows(repeated) == [(1, "pass_with_failures")]
    assert replay_records(registry.warehouse, Selection(row_number=1)).states == {"open": 1}
    assert registry.rows(repeated) == [(1, "pass_with_failures")]


@announced
def test_a_replayed_version_takes_its_place_among_the_others(registry: Registry, mend: Mend) -> None:
    registry.deliver("results", DAY_2, row("results", value="90000"))
    registry.deliver("results", DAY_1, row("results", value="30"))
    mend()
    replay(registry)
    assert registry.states("results", "value") == [("30", "past"), ("90000", "current")]


def test_a_row_of_an_unknown_patient_waits(registry: Registry, mend: Mend) -> None:
    registry.deliver("results", DAY_1, row("results", value="90000"))
    mend()
    assert replay(registry) == {"waiting": 1}
    registry.deliver("patients", DAY_1, row("patients"))
    assert registry.states("results", "value") == [("90000", "current")]
    registry.check_conservation()


def test_nothing_open_is_no_error(registry: Registry) -> None:
    assert replay(registry) == {}
