"""A row that fails a critical rule is kept apart, with its reasons, until a valid version comes."""

import json

import pytest

from tests.support.extracts import row
from tests.support.registry import Registry

pytestmark = pytest.mark.announced("P1")
DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"
BAD = {"value": "haemolysed"}
RULE = "results.value.unreadable"


def test_the_rest_of_the_file_loads(registry: Registry) -> None:
    report = registry.deliver("results", DAY_1, row("results", "L1"), row("results", "L2", **BAD), row("results", "L3"))
    assert (report.state, report.loaded, report.quarantined) == ("loaded", 2, 1)
    assert registry.states("results", "result_id") == [("L1", "current"), ("L3", "current")]
    assert registry.quarantine() == [("L2", RULE, "open")]


def test_it_is_kept_as_it_was_sent_with_every_rule_that_it_fails(registry: Registry) -> None:
    sent = row("results", "L1", collected_at="yesterday", value="1_0", unit="")
    report = registry.deliver("results", DAY_1, row("results", "L0"), sent)
    ((load_id, source, feed, number, patient, rules, payload),) = registry.quarantine(
        "load_id, source, feed, row_number, patient_id, rule_ids, payload"
    )
    assert (load_id, source, feed, number, patient) == (report.load_id, "laboratory", "results", 2, "P1")
    assert rules.split(",") == ["results.collected_at.unreadable", "results.unit.missing", RULE]
    assert {name: cell for name, cell in json.loads(payload).items() if cell} == {n: c for n, c in sent.items() if c}


def test_a_row_without_key_or_patient_is_kept_too(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", ""), row("results", "L2", patient_id=""))
    assert registry.quarantine("row_number, record_key, patient_id, rule_ids") == [
        (1, None, "P1", "results.result_id.missing"),
        (2, "L2", None, "results.patient_id.missing"),
    ]


def test_an_invalid_version_leaves_the_best_valid_one_current(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", value="30"))
    registry.deliver("results", DAY_2, row("results", **BAD))
    assert registry.states("results", "value") == [("30", "current")]
    assert registry.quarantine() == [("L1", RULE, "open")]


def test_a_later_valid_version_closes_it(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", **BAD))
    registry.deliver("results", DAY_2, row("results", status="corrected"))
    assert registry.quarantine("record_key, state, decided_by") == [("L1", "corrected", "registry")]
    assert registry.states("results", "value") == [("30", "current")]
    assert registry.counts(DAY_1, "results") == {"quarantined": 1}


def test_so_does_one_that_arrived_before_it(registry: Registry) -> None:
    registry.deliver("results", DAY_2, row("results", status="corrected"))
    registry.deliver("results", DAY_1, row("results", **BAD))
    assert registry.quarantine() == [("L1", RULE, "corrected")]


def test_so_does_a_later_row_of_the_same_file(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", **BAD), row("results", value="31"))
    assert registry.quarantine() == [("L1", RULE, "corrected")]
    registry.deliver("results", DAY_2, row("results", "L2", value="31"), row("results", "L2", **BAD))
    assert registry.quarantine() == [("L1", RULE, "corrected"), ("L2", RULE, "open")]


def test_an_invalid_version_sent_again_is_quarantined_again(registry: Registry) -> None:
    for day in (DAY_1, DAY_2):
        registry.deliver("results", day, row("results", **BAD))
        assert registry.counts(day, "results") == {"quarantined": 1}
    registry.deliver("results", DAY_3, row("results"))
    assert [state for (state,) in registry.quarantine("state")] == ["corrected", "corrected"]


def test_a_warning_loads_and_is_counted(registry: Registry) -> None:
    report = registry.deliver("visits", DAY_1, row("visits", "V1", weight_kg="24"), row("visits", "V1", weight_kg="61"))
    assert (report.loaded, report.updated, report.quarantined) == (1, 1, 0)
    warned = registry.rows(
        "SELECT rule_id, severity, rows_failed, status FROM ops.validation_result "
        f"WHERE load_id = '{report.load_id}' AND rows_failed > 0 ORDER BY rule_id"
    )
    assert ("visits.visit_id.repeated", "warning", 1, "pass_with_failures") in warned
    assert {severity for _, severity, _, _ in warned} == {"warning"}


def test_a_cancelled_row_is_not_asked_for_what_it_withdraws(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results"))
    report = registry.deliver("results", DAY_2, row("results", status="cancelled", value="", unit="", collected_at=""))
    assert report.quarantined == 0
    assert registry.rows("SELECT * FROM clinical.current_results") == []
