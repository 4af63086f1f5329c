"""An override belongs to a record, a rule and the values that the rule judges."""

from collections.abc import Sequence
from importlib import import_module

import pytest

from include.basics.errors import RegistryError
from include.definitions.expectations import Rule
from include.people.decisions import Selection, override_records, reject_records, reopen_records
from include.warehouse import Warehouse
from tests.support.extracts import row
from tests.support.registry import Registry

pytestmark = pytest.mark.announced("P1")
DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"
IMPOSSIBLE = {"value": "90000"}
RULE = "results.value.impossible"
AFTER_DEATH = "results.collected_at.after_death"
WHY = "checked with the laboratory"
FAILURES = (
    "SELECT rule_id, is_overridden, override_id IS NOT NULL FROM quarantine.failure "
    "WHERE severity = 'critical' ORDER BY rule_id, load_id"
)
DEAD = row("visits", visit_date="2013-05-01", vital_status="dead", death_date="2013-05-01", death_cause="tumour")


def override(registry: Registry, **selection: object) -> dict[str, int]:
    """Override as the registry manager would; the states of the records afterwards."""
    return override_records(registry.warehouse, Selection(**selection), "mg", WHY).states  # type: ignore[arg-type]


def trail(registry: Registry) -> list[tuple[object, ...]]:
    """The audit trail of records."""
    return registry.rows(
        "SELECT from_state, to_state, decided_by, reason FROM quarantine.decision WHERE subject = 'record' "
        "ORDER BY decided_at, decision_id"
    )


def test_the_row_loads_and_the_trail_says_who_and_why(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", "L1", **IMPOSSIBLE), row("results", "L2"))
    assert override(registry, record_key="L1") == {"overridden": 1}
    assert registry.states("results", "result_id") == [("L1", "current"), ("L2", "current")]
    assert registry.counts(DAY_1, "results") == {"loaded": 2}
    assert trail(registry) == [("open", "overridden", "mg", WHY)]
    told = f"SELECT rows_failed, rows_overridden, status FROM ops.validation_result WHERE rule_id = '{RULE}'"
    assert registry.rows(told) == [(0, 1, "pass")]
    registry.check_conservation()


def test_the_same_value_sent_again_is_judged_as_right(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE))
    override(duckdb_registry, rule_id=RULE)
    duckdb_registry.deliver("results", DAY_2, row("results", **IMPOSSIBLE))
    duckdb_registry.deliver("results", DAY_3, row("results", status="corrected", **IMPOSSIBLE))
    assert duckdb_registry.states("results", "status") == [("corrected", "current"), ("final", "past")]
    assert duckdb_registry.counts(DAY_2, "results") == {"unchanged": 1}
    assert duckdb_registry.counts(DAY_3, "results") == {"updated": 1}


def test_it_ends_when_the_value_changes(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE))
    override(duckdb_registry, rule_id=RULE)
    duckdb_registry.deliver("results", DAY_2, row("results", value="80000"))
    assert duckdb_registry.states("results", "value") == [("90000", "current")]
    assert sorted(duckdb_registry.quarantine("state")) == [("open",), ("overridden",)]


def test_it_holds_for_no_other_record(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", "L1", **IMPOSSIBLE), row("results", "L2", **IMPOSSIBLE))
    override(duckdb_registry, record_key="L1")
    assert duckdb_registry.quarantine("record_key, state") == [("L1", "overridden"), ("L2", "open")]


def test_a_row_that_fails_another_rule_stays_open(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", "L1", collected_at="2031-01-01T08:00", **IMPOSSIBLE))
    known = (f"SELECT rows_failed, status FROM ops.validation_result WHERE rule_id = '{RULE}'", FAILURES)
    before = duckdb_registry.quarantine(), *map(duckdb_registry.rows, known)
    for _ in range(2):
        with pytest.raises(RegistryError) as raised:
            override(duckdb_registry, rule_id=RULE)
        assert raised.value.code == "REG-308"
        assert (duckdb_registry.quarantine(), *map(duckdb_registry.rows, known)) == before
    assert duckdb_registry.rows("SELECT COUNT(*) FROM quarantine.override") == [(0,)]


def test_a_late_row_whose_override_was_refused_stays_out_when_the_death_is_cancelled(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, DEAD)
    duckdb_registry.deliver("results", DAY_1, row("results", collected_at="2014-01-02T08:15", **IMPOSSIBLE))
    with pytest.raises(RegistryError):
        override(duckdb_registry, rule_id=RULE)
    assert duckdb_registry.states("results", "value") == []
    duckdb_registry.deliver("visits", DAY_2, {**DEAD, "status": "cancelled"})
    assert duckdb_registry.states("results", "value") == []
    assert duckdb_registry.quarantine() == [("L1", RULE, "open")]
    assert override(duckdb_registry, rule_id=RULE) == {"overridden": 1}
    duckdb_registry.check_conservation()


def test_all_rules_of_a_late_row_are_overridden_together(registry: Registry) -> None:
    registry.deliver("visits", DAY_1, DEAD)
    registry.deliver("results", DAY_1, row("results", collected_at="2014-01-02T08:15", **IMPOSSIBLE))
    assert override(registry, record_key="L1") == {"overridden": 1}
    assert registry.rows(FAILURES) == [(AFTER_DEATH, True, True), (RULE, True, True)]


def test_what_the_contract_requires_cannot_be_overridden(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", "L1", unit=""), row("results", ""))
    with pytest.raises(RegistryError) as raised:
        override(duckdb_registry, feed="results")
    assert raised.value.code == "REG-308"
    assert duckdb_registry.rows("SELECT COUNT(*) FROM quarantine.override") == [(0,)]


def test_a_row_after_death_comes_back(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, DEAD)
    duckdb_registry.deliver("results", DAY_1, row("results", collected_at="2014-01-02T08:15"))
    assert duckdb_registry.quarantine() == [("L1", AFTER_DEATH, "open")]
    assert override(duckdb_registry, rule_id=AFTER_DEATH) == {"overridden": 1}
    assert duckdb_registry.states("results", "result_id") == [("L1", "current")]
    assert duckdb_registry.counts(DAY_1, "results") == {"loaded": 1}
    duckdb_registry.check_conservation()


def test_withdrawn_a_row_after_death_is_open_and_comes_back_with_the_death(registry: Registry) -> None:
    registry.deliver("visits", DAY_1, DEAD)
    registry.deliver("results", DAY_1, row("results", collected_at="2014-01-02T08:15"))
    override(registry, rule_id=AFTER_DEATH)
    assert reopen_records(registry.warehouse, Selection(feed="results"), "mg", "a mistake").states == {"open": 1}
    assert registry.states("results", "result_id") == [("L1", "quarantined")]
    assert registry.quarantine("rule_ids, decided_by, reason") == [(AFTER_DEATH, "mg", "a mistake")]
    assert registry.rows(FAILURES) == [(AFTER_DEATH, False, False)]
    registry.check_conservation()
    registry.deliver("visits", DAY_2, {**DEAD, "status": "cancelled"})
    assert registry.states("results", "result_id") == [("L1", "current")]
    assert registry.quarantine("state") == []


def test_another_death_ends_it(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, DEAD)
    duckdb_registry.deliver("results", DAY_1, row("results", collected_at="2014-01-02T08:15"))
    override(duckdb_registry, rule_id=AFTER_DEATH)
    duckdb_registry.deliver("visits", DAY_2, {**DEAD, "death_date": "2013-04-30", "status": "corrected"})
    assert duckdb_registry.quarantine() == [("L1", AFTER_DEATH, "open")]
    assert duckdb_registry.states("results", "result_id") == [("L1", "quarantined")]


def test_the_death_that_it_was_made_for_brings_it_back(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, DEAD)
    duckdb_registry.deliver("results", DAY_1, row("results", collected_at="2014-01-02T08:15"))
    override(duckdb_registry, rule_id=AFTER_DEATH)
    for number, day in enumerate(("2013-04-30", "2013-05-01")):
        duckdb_registry.deliver(
            "visits", DAY_2, {**DEAD, "death_date": day, "status": "corrected"}, name=f"{number}.csv"
        )
    assert duckdb_registry.states("results", "result_id") == [("L1", "current")]
    assert duckdb_registry.quarantine("state, decided_by") == [("overridden", "mg")]


def test_withdrawn_the_row_falls_out_and_the_version_before_is_current(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", value="30"))
    registry.deliver("results", DAY_2, row("results", **IMPOSSIBLE))
    override(registry, rule_id=RULE)
    assert registry.states("results", "value") == [("30", "past"), ("90000", "current")]
    assert reopen_records(registry.warehouse, Selection(record_key="L1"), "mg", "the laboratory was wrong").states == {
        "open": 1
    }
    assert registry.states("results", "value") == [("30", "current")]
    assert registry.counts(DAY_2, "results") == {"quarantined": 1}
    assert [step[:3] for step in trail(registry)] == [("open", "overridden", "mg"), ("overridden", "open", "mg")]
    registry.check_conservation()


def test_a_decision_needs_a_reason_and_a_record(duckdb_registry: Registry) -> None:
    with pytest.raises(RegistryError) as nothing:
        override(duckdb_registry, record_key="L9")
    with pytest.raises(RegistryError) as silent:
        override_records(duckdb_registry.warehouse, Selection(record_key="L9"), "mg", " ")
    assert (nothing.value.code, silent.value.code) == ("REG-602", "REG-603")


def test_withdrawn_every_row_that_it_let_in_falls_out(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE))
    override(duckdb_registry, rule_id=RULE)
    duckdb_registry.deliver("results", DAY_2, row("results", reference_low="7", **IMPOSSIBLE))
    assert duckdb_registry.counts(DAY_2, "results") == {"updated": 1}
    assert reopen_records(duckdb_registry.warehouse, Selection(record_key="L1"), "mg", "a mistake").states == {
        "open": 2
    }
    assert duckdb_registry.states("results", "value") == []
    assert duckdb_registry.counts(DAY_2, "results") == {"quarantined": 1}
    assert duckdb_registry.quarantine() == [("L1", RULE, "open")] * 2
    duckdb_registry.check_conservation()


def test_withdrawn_the_rows_that_wait_or_are_late_fall_out_too(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, DEAD)
    first = duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE)).load_id
    override(duckdb_registry, rule_id=RULE)
    duckdb_registry.deliver("results", DAY_2, row("results", collected_at="2014-01-02T08:15", **IMPOSSIBLE))
    duckdb_registry.deliver("results", DAY_3, row("results", patient_id="P2", status="corrected", **IMPOSSIBLE))
    assert sorted(duckdb_registry.quarantine("state")) == [("open",), ("overridden",), ("waiting",)]
    assert reopen_records(duckdb_registry.warehouse, Selection(load_id=first), "mg", "a mistake").states == {"open": 3}
    assert duckdb_registry.quarantine() == [("L1", RULE, "open")] * 3
    assert duckdb_registry.rows(FAILURES) == [(RULE, False, False)] * 3
    duckdb_registry.deliver("visits", DAY_2, {**DEAD, "status": "cancelled"})
    duckdb_registry.deliver("patients", DAY_2, row("patients", "P2"))
    assert duckdb_registry.states("results", "value") == []
    duckdb_registry.check_conservation()


def test_withdrawn_the_overrides_of_the_other_rows_stay(registry: Registry) -> None:
    later = {"collected_at": "2021-01-01T08:15"}
    first = registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE)).load_id
    registry.deliver("results", DAY_2, row("results", **later, **IMPOSSIBLE))
    registry.deliver("results", DAY_3, row("results", **later))
    assert override(registry, record_key="L1") == {"overridden": 3}
    reopen_records(registry.warehouse, Selection(load_id=first), "mg", "a mistake")
    assert registry.states("results", "value") == [("30", "current")]
    assert registry.rows("SELECT rule_id, ended_at IS NULL FROM quarantine.override ORDER BY rule_id") == [
        ("results.collected_at.in_future", True),
        (RULE, False),
    ]
    assert registry.rows(FAILURES) == [
        ("results.collected_at.in_future", True, True),
        ("results.collected_at.in_future", True, True),
        (RULE, False, False),
        (RULE, False, False),
    ]
    registry.deliver("results", "2020-01-04", row("results", status="corrected", **later))
    assert registry.counts("2020-01-04", "results") == {"updated": 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["version first", "withdrawn first"])
def test_withdrawn_its_rule_says_the_same_whenever_a_later_version_comes(
    duckdb_registry: Registry, order: tuple[int]
) -> None:
    first = duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE)).load_id
    override(duckdb_registry, rule_id=RULE)
    steps = (
        lambda: duckdb_registry.deliver("results", DAY_2, row("results")),
        lambda: reopen_records(duckdb_registry.warehouse, Selection(load_id=first), "mg", "a mistake"),
    )
    for place in order:
        steps[place]()
    assert duckdb_registry.quarantine() == [("L1", RULE, "corrected")]
    assert duckdb_registry.rows(FAILURES) == [(RULE, False, False)]
    assert duckdb_registry.rows(
        f"SELECT rows_failed, status FROM ops.validation_result WHERE rule_id = '{RULE}' AND load_id = '{first}'"
    ) == [(1, "fail")]


def test_withdrawn_a_row_that_repeated_it_is_set_aside_too(duckdb_registry: Registry) -> None:
    first = duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE)).load_id
    override(duckdb_registry, rule_id=RULE)
    duckdb_registry.deliver("results", DAY_2, row("results", **IMPOSSIBLE))
    assert duckdb_registry.counts(DAY_2, "results") == {"unchanged": 1}
    assert reopen_records(duckdb_registry.warehouse, Selection(load_id=first), "mg", "a mistake").states == {"open": 2}
    assert duckdb_registry.counts(DAY_2, "results") == {"quarantined": 1}


def test_it_outlives_a_reopened_rejection_of_the_same_value(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE))
    override(duckdb_registry, rule_id=RULE)
    second = duckdb_registry.deliver("results", DAY_2, row("results", collected_at="", **IMPOSSIBLE)).load_id
    reject_records(duckdb_registry.warehouse, Selection(load_id=second), "mg", WHY)
    reopen_records(duckdb_registry.warehouse, Selection(load_id=second), "mg", "a mistake")
    duckdb_registry.deliver("results", DAY_3, row("results", status="corrected", **IMPOSSIBLE))
    assert duckdb_registry.states("results", "status") == [("corrected", "current"), ("final", "past")]


def test_it_is_in_force_although_it_let_only_one_of_two_rows_in(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE))
    duckdb_registry.deliver("results", DAY_2, row("results", collected_at="", **IMPOSSIBLE))
    assert override(duckdb_registry, record_key="L1") == {"overridden": 1, "open": 1}
    duckdb_registry.deliver("results", DAY_3, row("results", **IMPOSSIBLE))
    assert duckdb_registry.counts(DAY_3, "results") == {"unchanged": 1}


def test_a_row_that_waits_for_its_patient_tells_who_overrode_it(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", patient_id="P7", **IMPOSSIBLE))
    assert override(registry, rule_id=RULE) == {"waiting": 1}
    assert registry.quarantine("state, decided_by, reason") == [("waiting", "mg", WHY)]
    registry.deliver("patients", DAY_2, row("patients", "P7"))
    assert registry.quarantine("state, decided_by, reason") == [("overridden", "mg", WHY)]
    assert trail(registry) == [("open", "overridden", "mg", WHY)]


def test_a_broken_rule_of_another_feed_keeps_nobody_from_deciding(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **IMPOSSIBLE))
    duckdb_registry.deliver("exams", DAY_1, row("exams"))
    fates = import_module("include.pipeline.resolving.fates")
    judged = fates.judge

    def broken(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> set[str]:
        of_exams = any(rule.rule_id.startswith("exams.") for rule in rules)
        return judged(warehouse, rules, table) | ({"exams.broken"} if of_exams else set())

    monkeypatch.setattr(fates, "judge", broken)
    duckdb_registry.deliver("patients", DAY_2, row("patients", birth_date="1951-01-01"))
    assert override(duckdb_registry, rule_id=RULE) == {"overridden": 1}
