"""Nothing before birth, nothing after death: judged again whenever a birth or a death becomes known or changes."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import permutations

import pytest

from include.definitions import contracts
from include.definitions.expectations import Rule
from include.pipeline.derivation import derive_touched
from include.pipeline.validation import judge
from include.pipeline.validation.judge import Judged
from include.warehouse import Warehouse
from tests.support.extracts import Row, row
from tests.support.registry import Registry, Sent

DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"
ALL_ORDERS = list(permutations(range(3)))

PATIENT: Sent = ("patients", DAY_1, row("patients"))
AFTER: Sent = ("results", DAY_2, row("results", "L1", collected_at="2014-01-02T08:15"))


def dead(on: str, key: str = "V1", **cells: str) -> Row:
    """A visit that reports a death."""
    return row("visits", key, visit_date=on, vital_status="dead", death_date=on, death_cause="tumour", **cells)


DEATH: Sent = ("visits", DAY_1, dead("2013-05-01"))


def deliver(registry: Registry, sent: Iterable[Sent]) -> None:
    """Send and load files one after the other."""
    for feed, day, cells in sent:
        registry.deliver(feed, day, cells)


def of_patient(number: int, sent: Sent) -> Sent:
    """The same row of another patient, with a key of its own."""
    feed, day, cells = sent
    key = contracts.read(feed).key
    return feed, day, {**cells, key: f"{cells[key]}-{number}", "patient_id": f"{cells['patient_id']}-{number}"}


def deliver_side_by_side(registry: Registry, histories: Iterable[Iterable[Sent]]) -> None:
    """Each history is that of a patient."""
    registry.deliver_in_turn(
        *([of_patient(number, sent) for sent in history] for number, history in enumerate(histories))
    )


def test_a_row_after_death_is_quarantined_in_every_order_of_arrival_and_comes_back(duckdb_registry: Registry) -> None:
    rule = (
        "SELECT SUM(rows_checked), SUM(rows_failed), MIN(status), MAX(status) FROM ops.validation_result "
        "WHERE rule_id LIKE 'results.%after_death'"
    )
    set_aside = f"SELECT SUM(rows_quarantined) FROM ops.load WHERE feed = 'results' AND batch_date = '{DAY_2}'"
    keys = [f"L1-{number}" for number in range(6)]
    deliver_side_by_side(duckdb_registry, ([(PATIENT, DEATH, AFTER)[place] for place in order] for order in ALL_ORDERS))
    assert duckdb_registry.states("results", "result_id") == [(key, "quarantined") for key in keys]
    open_ = [record for record in duckdb_registry.quarantine() if record[-1] == "open"]
    assert open_ == [(key, "results.collected_at.after_death", "open") for key in keys]
    assert duckdb_registry.rows(set_aside) == [(6,)]
    assert {state for _, state in duckdb_registry.states("visits", "visit_id")} == {"current"}
    assert duckdb_registry.rows(rule) == [(6, 6, "fail", "fail")]
    deliver_side_by_side(duckdb_registry, [[("visits", DAY_3, dead("2015-01-01"))]] * 6)
    assert_brought_back(duckdb_registry, 6)
    assert duckdb_registry.rows(rule) == [(6, 0, "pass", "pass")]


def test_a_corrected_death_brings_it_back(duckdb_registry: Registry) -> None:
    orders = [*(("V1", order) for order in ALL_ORDERS if order[-1] != 2), ("V2", (2, 0, 1))]
    deliver_side_by_side(
        duckdb_registry,
        (
            [PATIENT, *((DEATH, AFTER, ("visits", DAY_3, dead("2015-01-01", key)))[place] for place in order)]
            for key, order in orders
        ),
    )
    assert_brought_back(duckdb_registry, len(orders))


def assert_brought_back(registry: Registry, patients: int) -> None:
    """The results count, as the patients died in 2015."""
    assert registry.states("results", "result_id") == [(f"L1-{number}", "current") for number in range(patients)]
    counted = f"SELECT SUM(rows_loaded) FROM ops.load WHERE feed = 'results' AND batch_date = '{DAY_2}'"
    assert registry.rows(counted) == [(patients,)]
    assert [state for _, _, state in registry.quarantine() if state == "open"] == []
    deaths = "SELECT CAST(death_date AS TEXT), COUNT(*) FROM clinical.lifespan GROUP BY death_date"
    assert registry.rows(deaths) == [("2015-01-01", patients)]


WITHDRAWN = {
    "cancelled": dead("2013-05-01", status="cancelled"),
    "cancelled without a date": row("visits", "V1", visit_date="", vital_status="", status="cancelled"),
    "cancelled before birth": row("visits", "V1", visit_date="1901-01-01", status="cancelled"),
    "alive after all": row("visits", "V1"),
    "of another patient": dead("2013-05-01", patient_id="P2", status="corrected"),
}


def test_so_does_a_death_that_is_withdrawn(registry: Registry) -> None:
    registry.deliver("patients", DAY_1, *(row("patients", f"P2-{number}") for number in range(len(WITHDRAWN))))
    deliver_side_by_side(registry, ([PATIENT, DEATH, AFTER, ("visits", DAY_3, visit)] for visit in WITHDRAWN.values()))
    states = [state for _, state in registry.states("results", "result_id")]
    assert dict(zip(WITHDRAWN, states, strict=True)) == dict.fromkeys(WITHDRAWN, "current")


def test_a_corrected_birth_date_judges_again(duckdb_registry: Registry) -> None:
    sent: list[Sent] = [
        ("patients", DAY_1, row("patients", birth_date="1950-06-15")),
        ("patients", DAY_2, row("patients", birth_date="1990-06-15")),
        ("exams", DAY_1, row("exams", exam_date="1985-01-01")),
    ]
    exams = [f"E1-{number}" for number in range(len(ALL_ORDERS))]
    deliver_side_by_side(duckdb_registry, ([sent[place] for place in order] for order in ALL_ORDERS))
    assert duckdb_registry.states("exams", "exam_id") == [(exam, "quarantined") for exam in exams]
    corrected: Sent = ("patients", DAY_3, row("patients", birth_date="1960-06-15"))
    deliver_side_by_side(duckdb_registry, [[corrected]] * len(exams))
    assert duckdb_registry.states("exams", "exam_id") == [(exam, "current") for exam in exams]


def test_a_death_and_a_birth_are_judged_alike_on_both_engines(registry: Registry) -> None:
    late = {"birth_date": "2012-06-01", "diagnosis_date": "2013-01-01", "liver_metastases_date": ""}
    born_later: Sent = ("patients", DAY_3, row("patients", **late))
    early: Sent = ("exams", DAY_1, row("exams", exam_date="2011-12-20"))
    deliver(registry, [early, AFTER, PATIENT, DEATH, born_later])
    assert registry.quarantine("record_key, rule_ids, state") == [
        ("E1", "exams.exam_date.before_birth", "open"),
        ("L1", "results.collected_at.after_death", "open"),
    ]
    deliver(registry, [("patients", "2020-01-04", PATIENT[2]), ("visits", DAY_3, dead("2015-01-01"))])
    assert registry.states("exams", "exam_id") == [("E1", "current")]
    assert registry.states("results", "result_id") == [("L1", "current")]


RESENT: Sent = ("results", DAY_3, AFTER[2])
SPOILT: Sent = ("results", DAY_2, {**AFTER[2], "value": "haemolysed"})


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (0, 2, 3, 4, 1)], ids=["death first", "death last"])
def test_a_version_that_comes_back_fails_in_every_order(duckdb_registry: Registry, order: tuple[int]) -> None:
    changed: Sent = ("results", DAY_3, {**AFTER[2], "reference_low": "7"})
    back: Sent = ("results", "2020-01-04", AFTER[2])
    deliver(duckdb_registry, ([PATIENT, DEATH, AFTER, changed, back][place] for place in order))
    failed = "SELECT CAST(l.batch_date AS TEXT), r.rows_failed FROM ops.validation_result AS r JOIN ops.load AS l"
    assert duckdb_registry.rows(
        f"{failed} USING (load_id) WHERE rule_id LIKE 'results.%after_death' ORDER BY l.batch_date"
    ) == [(DAY_2, 1), (DAY_3, 1), ("2020-01-04", 1)]


@pytest.mark.parametrize("sent", [(PATIENT, DEATH, AFTER, RESENT), (PATIENT, AFTER, RESENT, DEATH)])
def test_a_row_that_is_sent_again_counts_once(duckdb_registry: Registry, sent: tuple[Sent, ...]) -> None:
    deliver(duckdb_registry, sent)
    failed = "SELECT l.batch_date, r.rows_failed FROM ops.validation_result AS r JOIN ops.load AS l USING (load_id)"
    ((day, count),) = duckdb_registry.rows(f"{failed} WHERE rule_id LIKE 'results.%after_death' AND rows_failed > 0")
    assert (str(day), count) == (DAY_2, 1)


@pytest.mark.parametrize("sent", [(PATIENT, DEATH, SPOILT), (PATIENT, SPOILT, DEATH)])
def test_a_row_that_cannot_be_read_is_not_held_against_the_lifespan(
    duckdb_registry: Registry, sent: tuple[Sent, ...]
) -> None:
    deliver(duckdb_registry, sent)
    assert duckdb_registry.quarantine("rule_ids") == [("results.value.unreadable",)]
    failed = "SELECT rule_id FROM ops.validation_result WHERE rows_failed > 0 AND rule_id LIKE 'results.%'"
    assert duckdb_registry.rows(failed) == [("results.value.unreadable",)]


def test_the_reason_is_the_one_that_holds_now(registry: Registry) -> None:
    late = {"birth_date": "2012-06-01", "diagnosis_date": "2013-01-01", "liver_metastases_date": ""}
    early: Sent = ("exams", DAY_1, row("exams", exam_date="2011-12-20"))
    deliver(registry, [("patients", DAY_1, row("patients", **late)), early, ("visits", DAY_1, dead("2011-01-05"))])
    assert registry.quarantine()[0] == ("E1", "exams.exam_date.before_birth", "open")
    deliver(registry, [("patients", DAY_2, row("patients"))])
    assert registry.quarantine()[0] == ("E1", "exams.exam_date.after_death", "open")
    failed = "SELECT rule_id FROM ops.validation_result WHERE rows_failed > 0 AND rule_id LIKE 'exams.exam_date.%'"
    assert registry.rows(failed) == [("exams.exam_date.after_death",)]


def test_a_broken_rule_keeps_its_own_feed_from_resolving_and_no_other(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(duckdb_registry, [AFTER, ("exams", DAY_1, row("exams"))])

    def judged(warehouse: Warehouse, rules: Sequence[Rule], table: str) -> Judged:
        of_results = any(rule.rule_id.startswith("results.") for rule in rules)
        return Judged({"results.broken"}) if of_results else judge(warehouse, rules, table)

    with monkeypatch.context() as mended:
        mended.setattr(import_module("include.pipeline.resolving.fates"), "judge", judged)
        deliver(duckdb_registry, [PATIENT])
        assert duckdb_registry.states("exams", "exam_id") == [("E1", "current")]
        assert duckdb_registry.states("results", "result_id") == [("L1", "waiting")]
        report = derive_touched(duckdb_registry.warehouse)
        assert (report.patients, report.broken_rules) == (1, ["results.broken"])
        late = duckdb_registry.deliver("results", DAY_3, row("results", "L2"))
        assert (late.state, late.waiting) == ("received", 1)
    assert derive_touched(duckdb_registry.warehouse).broken_rules == []
    assert duckdb_registry.states("results", "result_id") == [("L1", "current"), ("L2", "current")]


def test_an_earlier_version_is_current_while_the_later_is_after_death(registry: Registry) -> None:
    before = row("results", "L1", collected_at="2013-01-02T08:15")
    deliver(registry, [PATIENT, ("results", DAY_1, before), AFTER, DEATH])
    assert registry.states("results", "CAST(collected_at AS TEXT)") == [
        ("2013-01-02 08:15:00", "current"),
        ("2014-01-02 08:15:00", "quarantined"),
    ]
    deliver(registry, [("visits", DAY_3, dead("2015-01-01"))])
    assert [state for _, state in registry.states("results", "CAST(collected_at AS TEXT)")] == ["past", "current"]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0)], ids=["later version first", "last"])
def test_a_row_that_came_back_is_not_open_again_when_a_later_version_falls_out(
    duckdb_registry: Registry, order: tuple[int]
) -> None:
    born = row("patients", liver_metastases_date="", diagnosis_date="2015-01-10")
    later: Sent = ("results", DAY_3, row("results", value="33"))
    alive: Sent = ("visits", DAY_3, {**DEATH[2], "status": "cancelled"})
    born_later: Sent = ("patients", DAY_2, {**born, "birth_date": "2013-06-01"})
    deliver(duckdb_registry, [("patients", DAY_1, born), AFTER, DEATH])
    deliver(duckdb_registry, ([later, alive, born_later][place] for place in order))
    assert duckdb_registry.states("results", "value") == [("30", "current"), ("33", "quarantined")]
    assert [state for key, _, state in duckdb_registry.quarantine() if key == "L1"] == ["open"]
    assert duckdb_registry.counts(DAY_2, "results") == {"loaded": 1}


def test_a_row_after_death_sent_again_is_the_same_row(registry: Registry) -> None:
    deliver(registry, [PATIENT, DEATH, AFTER, ("results", DAY_3, AFTER[2])])
    assert registry.states("results", "result_id") == [("L1", "quarantined")]
    assert registry.counts(DAY_3, "results") == {"unchanged": 1}
    assert len(registry.quarantine()) == 1


def test_a_row_that_fails_another_rule_too_does_not_come_back(registry: Registry) -> None:
    bad: Sent = ("results", DAY_2, {**AFTER[2], "value": "haemolysed"})
    deliver(registry, [PATIENT, DEATH, bad, ("visits", DAY_3, dead("2015-01-01"))])
    assert registry.states("results", "result_id") == []
    assert registry.quarantine("record_key, state") == [("L1", "open")]


def test_the_payload_of_a_row_that_fell_out_holds_its_cells(registry: Registry) -> None:
    deliver(registry, [PATIENT, AFTER, DEATH])
    ((payload,),) = registry.quarantine("payload")
    for cell in ("L1", "P1", "1920-8", "30", "U/L"):
        assert f'"{cell}"' in payload


def test_a_quarantined_row_of_one_patient_keeps_its_record_when_another_is_judged(registry: Registry) -> None:
    registry.deliver("patients", DAY_1, row("patients", "P1"), row("patients", "P2"))
    deliver(registry, [DEATH, ("results", DAY_2, {**AFTER[2], "status": "corrected"})])
    first = row("results", "L1", patient_id="P2", collected_at="2012-01-02T08:15")
    deliver(registry, [("results", DAY_1, first), ("visits", DAY_2, dead("2016-01-01", "V2", patient_id="P2"))])
    assert registry.states("results", "patient_id") == [("P1", "quarantined"), ("P2", "current")]
    assert registry.quarantine() == [("L1", "results.collected_at.after_death", "open")]


def test_a_death_that_moves_to_a_late_patient_leaves_the_first(duckdb_registry: Registry) -> None:
    sent: list[Sent] = [
        DEATH,
        ("visits", DAY_2, dead("2013-05-01", patient_id="P2", status="corrected")),
        ("patients", DAY_3, row("patients", "P2")),
    ]
    deliver_side_by_side(duckdb_registry, ([PATIENT, AFTER, *(sent[place] for place in order)] for order in ALL_ORDERS))
    numbers = range(len(ALL_ORDERS))
    assert duckdb_registry.states("results", "result_id") == [(f"L1-{number}", "current") for number in numbers]
    died = "SELECT patient_id FROM clinical.lifespan WHERE death_date IS NOT NULL ORDER BY patient_id"
    assert duckdb_registry.rows(died) == [(f"P2-{number}",) for number in numbers]
