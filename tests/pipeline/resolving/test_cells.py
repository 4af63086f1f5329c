"""A cell is not a row: a bad cell of an optional column is set aside alone, and its row is in the record without it."""

import itertools
import json

import pytest

from include.basics.errors import RegistryError
from include.people.decisions import (
    Selection,
    override_records,
    reject_records,
    reopen_records,
    replay_records,
    undo_decision,
)
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.gather import gather
from include.warehouse.sql import select_text
from tests.support.extracts import Row, row
from tests.support.registry import Registry

pytestmark = pytest.mark.announced("P1")
DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"
WHY = "checked with the department"
BAD_LIMIT = {"reference_high": "n.d."}


def cells(registry: Registry, columns: str = "record_key, column_name, text, state") -> list[tuple[object, ...]]:
    """The cells that are or were set aside, in an order of their own."""
    return registry.rows(f"SELECT {columns} FROM quarantine.cell ORDER BY {columns}")


def record(registry: Registry, feed: str, columns: str) -> list[tuple[object, ...]]:
    """Some columns of the current rows."""
    return registry.rows(f"SELECT {columns} FROM clinical.current_{feed} ORDER BY {columns}")


def dose(gram: str, drug: str = "doxorubicin", **more: str) -> Row:
    """A session with a dose."""
    return row("procedures", drug=drug, drug_dose_g=gram, **more)


def override(registry: Registry, **selection: object) -> object:
    """Override as the registry manager would."""
    return override_records(registry.warehouse, Selection(**selection), "mg", WHY)  # type: ignore[arg-type]


def test_the_row_is_in_the_record_with_null_there(registry: Registry) -> None:
    report = registry.deliver(
        "results", DAY_1, row("results", "L1", **BAD_LIMIT), row("results", "L2", reference_high="<=41")
    )
    assert (report.loaded, report.quarantined, report.cells_set_aside) == (2, 0, 1)
    assert record(registry, "results", "result_id, value_number, reference_low, reference_high") == [
        ("L1", 30, 10, None),
        ("L2", 30, 10, 41),
    ]
    assert cells(registry, "record_key, patient_id, source, feed, column_name, text, rule_ids, state") == [
        ("L1", "P1", "laboratory", "results", "reference_high", "n.d.", "results.reference_high.unreadable", "open")
    ]
    assert cells(registry, "remedy LIKE 'Ask %', row_number") == [(True, 1)]
    assert registry.quarantine() == []
    assert registry.counts(DAY_1, "results") == {"loaded": 2}
    assert registry.rows(
        "SELECT rows_failed, status FROM ops.validation_result WHERE rule_id = 'results.reference_high.unreadable'"
    ) == [(1, "fail")]


def test_what_stands_beside_the_cell_is_null_too(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", reference_high="<=0"))
    assert record(duckdb_registry, "results", "reference_high, reference_high_comparator, reference_low") == [
        (None, None, 10)
    ]
    assert cells(duckdb_registry) == [("L1", "reference_high", "<=0", "open")]


def test_an_unknown_code_and_an_impossible_value_are_set_aside(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY_1, row("patients", "P2", primary_resected="perhaps"))
    duckdb_registry.deliver("visits", DAY_1, row("visits", patient_id="P2", height_cm="17", ecog="9", weight_kg="60"))
    assert record(duckdb_registry, "patients", "patient_id, primary_resected, sex") == [
        ("P1", None, "female"),
        ("P2", None, "female"),
    ]
    assert record(duckdb_registry, "visits", "height_cm, ecog, weight_kg") == [(None, None, 60)]
    assert cells(duckdb_registry) == [
        ("P2", "primary_resected", "perhaps", "open"),
        ("V1", "ecog", "9", "open"),
        ("V1", "height_cm", "17", "open"),
    ]


def test_a_required_column_sets_the_row_aside_with_its_cells(duckdb_registry: Registry) -> None:
    report = duckdb_registry.deliver("results", DAY_1, row("results", value="haemolysed", **BAD_LIMIT))
    assert (report.quarantined, report.cells_set_aside) == (1, 0)
    assert duckdb_registry.quarantine() == [("L1", "results.value.unreadable", "open")]
    assert cells(duckdb_registry) == []


def test_an_override_brings_the_value_into_the_record_and_undo_takes_it_out(registry: Registry) -> None:
    registry.deliver("visits", DAY_1, row("visits", height_cm="260", ecog="9"))
    decided = override(registry, rule_id="visits.height_cm.impossible")
    assert decided.states == {"loaded": 1}  # type: ignore[attr-defined]
    assert record(registry, "visits", "height_cm, ecog") == [(260, None)]
    assert cells(registry, "column_name, state, decided_by, reason") == [
        ("ecog", "open", None, None),
        ("height_cm", "overridden", "mg", WHY),
    ]
    assert registry.rows(
        "SELECT from_state, to_state, decided_by FROM quarantine.decision WHERE subject = 'record'"
    ) == [("open", "overridden", "mg")]
    undo_decision(registry.warehouse, 1, "mg", "a mistake")
    assert record(registry, "visits", "height_cm, ecog") == [(None, None)]
    assert cells(registry, "column_name, state") == [("ecog", "open"), ("height_cm", "open")]
    override(registry, feed="visits")
    reopen_records(registry.warehouse, Selection(feed="visits"), "mg", "a mistake")
    assert record(registry, "visits", "height_cm, ecog") == [(None, None)]
    assert cells(registry, "column_name, state, reason") == [
        ("ecog", "open", "a mistake"),
        ("height_cm", "open", "a mistake"),
    ]


def test_whoever_it_is_about_is_derived_again(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("visits", DAY_1, row("visits", height_cm="260"))
    duckdb_registry.warehouse.run("DELETE FROM ops.touched_patient")
    override(duckdb_registry, feed="visits")
    assert duckdb_registry.rows("SELECT patient_id FROM ops.touched_patient") == [("P1",)]


def test_a_cell_that_cannot_be_read_has_no_value_to_override(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **BAD_LIMIT))
    with pytest.raises(RegistryError) as raised:
        override(duckdb_registry, feed="results")
    assert raised.value.code == "REG-309"
    duckdb_registry.deliver("visits", DAY_1, row("visits", height_cm="tall", ecog="9"))
    override(duckdb_registry, feed="visits")
    assert record(duckdb_registry, "visits", "height_cm, ecog") == [(None, 9)]
    assert duckdb_registry.rows("SELECT DISTINCT rule_id FROM decision.subject WHERE rule_id IS NOT NULL") == [
        ("visits.ecog.impossible",)
    ]


def test_a_later_version_with_a_good_cell_closes_it(registry: Registry) -> None:
    registry.deliver("visits", DAY_1, row("visits", height_cm="17", ecog="9"))
    report = registry.deliver("visits", DAY_2, row("visits", height_cm="171", ecog="8"))
    assert (report.updated, report.cells_set_aside) == (1, 1)
    assert record(registry, "visits", "height_cm, ecog") == [(171, None)]
    assert cells(registry) == [
        ("V1", "ecog", "8", "open"),
        ("V1", "ecog", "9", "open"),
        ("V1", "height_cm", "17", "corrected"),
    ]
    registry.deliver("visits", DAY_3, row("visits", height_cm="171"))
    assert cells(registry, "text, state, decided_by") == [
        ("17", "corrected", "registry"),
        ("8", "corrected", "registry"),
        ("9", "corrected", "registry"),
    ]


def test_a_preliminary_version_that_does_not_count_closes_nothing(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **BAD_LIMIT))
    duckdb_registry.deliver("results", DAY_2, row("results", status="preliminary"))
    assert record(duckdb_registry, "results", "status, reference_high") == [("final", None)]
    assert cells(duckdb_registry, "state") == [("open",)]


def test_a_row_that_says_the_same_is_a_repeat_and_another_text_is_not(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", **BAD_LIMIT))
    same = duckdb_registry.deliver("results", DAY_2, row("results", **BAD_LIMIT))
    other = duckdb_registry.deliver("results", DAY_3, row("results", reference_high="n/a"))
    assert (same.unchanged, same.cells_set_aside) == (1, 0)
    assert (other.updated, other.cells_set_aside) == (1, 1)
    assert cells(duckdb_registry, "text, state") == [("n.d.", "open"), ("n/a", "open")]


def test_a_day_that_is_no_longer_in_the_future_is_another_version(duckdb_registry: Registry) -> None:
    sent = row("treatments", ended_on="2020-01-02")
    duckdb_registry.deliver("treatments", DAY_1, sent)
    assert record(duckdb_registry, "treatments", "ended_on") == [(None,)]
    report = duckdb_registry.deliver("treatments", DAY_3, sent)
    assert report.updated == 1
    assert [str(ended) for (ended,) in record(duckdb_registry, "treatments", "ended_on")] == ["2020-01-02"]
    assert cells(duckdb_registry, "state") == [("corrected",)]


def test_the_order_of_arrival_makes_no_difference(duckdb_registry: Registry) -> None:
    orders = list(itertools.permutations([(DAY_1, BAD_LIMIT), (DAY_2, BAD_LIMIT), (DAY_3, {"reference_high": "41"})]))
    duckdb_registry.deliver_in_turn(
        *(
            [("results", day, row("results", f"L{key}", **high)) for day, high in order]
            for key, order in enumerate(orders)
        )
    )
    keys = [f"L{key}" for key in range(len(orders))]
    assert record(duckdb_registry, "results", "result_id, reference_high") == [(key, 41) for key in keys]
    assert cells(duckdb_registry) == [(key, "reference_high", "n.d.", "corrected") for key in keys]
    counted = "SELECT SUM(rows_unchanged), SUM(rows_updated), SUM(rows_received) FROM ops.load WHERE batch_date = "
    assert duckdb_registry.rows(f"{counted}'{DAY_2}'") == [(6, 0, 6)]
    assert duckdb_registry.rows(f"{counted}'{DAY_3}'") == [(0, 6, 6)]


def test_a_rejected_row_leaves_with_its_cells_and_returns_when_reopened(registry: Registry) -> None:
    load_id = registry.deliver("results", DAY_1, row("results", **BAD_LIMIT)).load_id
    reject_records(registry.warehouse, Selection(load_id=load_id, row_number=1), "mg", WHY)
    assert record(registry, "results", "result_id") == []
    assert registry.quarantine() == [("L1", "results.reference_high.unreadable", "rejected")]
    assert cells(registry, "state, decided_by, reason") == [("rejected", "mg", WHY)]
    assert registry.counts(DAY_1, "results") == {"quarantined": 1}
    reopen_records(registry.warehouse, Selection(load_id=load_id), "mg", "a mistake")
    assert record(registry, "results", "result_id, reference_high") == [("L1", None)]
    assert registry.quarantine() == []
    assert cells(registry, "state") == [("open",)]
    registry.check_conservation()


def test_what_a_rule_says_of_a_cell_that_is_set_aside_does_not_count(registry: Registry) -> None:
    """20 g are impossible of any drug, and so are more than 1 g of doxorubicin: there is no dose to say it of."""
    registry.deliver("procedures", DAY_1, dose("20"))
    assert record(registry, "procedures", "drug, drug_dose_g") == [("doxorubicin", None)]
    fails = "SELECT rule_id FROM quarantine.failure WHERE rule_id LIKE '%.drug_dose_g.%'"
    assert registry.rows(fails) == [("procedures.drug_dose_g.impossible",)]
    assert registry.rows(
        "SELECT rows_failed FROM ops.validation_result WHERE rule_id = 'procedures.drug_dose_g.impossible_for_drug'"
    ) == [(0,)]
    with pytest.raises(RegistryError) as raised:
        override(registry, rule_id="procedures.drug_dose_g.impossible")
    assert raised.value.code == "REG-308"
    override(registry, feed="procedures")
    assert record(registry, "procedures", "drug, drug_dose_g") == [("doxorubicin", 20)]
    assert registry.quarantine() == [("S1", "procedures.drug_dose_g.impossible_for_drug", "overridden")]


def test_it_counts_again_when_the_cell_is_overridden(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("procedures", DAY_1, dose("20", drug="streptozocin"))
    override(duckdb_registry, rule_id="procedures.drug_dose_g.impossible")
    assert record(duckdb_registry, "procedures", "drug, drug_dose_g") == [("streptozocin", 20)]
    duckdb_registry.deliver("procedures", DAY_2, dose("20"))
    assert duckdb_registry.quarantine() == [("S1", "procedures.drug_dose_g.impossible_for_drug", "open")]
    assert record(duckdb_registry, "procedures", "drug, drug_dose_g") == [("streptozocin", 20)]


def test_a_late_rule_does_not_see_the_cell(duckdb_registry: Registry) -> None:
    dead = {"vital_status": "dead", "visit_date": "2013-05-01", "death_date": "2013-05-01", "death_cause": "tumour"}
    duckdb_registry.deliver("visits", DAY_1, row("visits", **dead))
    duckdb_registry.deliver("treatments", DAY_1, row("treatments", ended_on="2030-01-01"))
    fails = "SELECT rule_id FROM quarantine.failure WHERE rule_id LIKE 'treatments.ended_on.%'"
    assert duckdb_registry.rows(fails) == [("treatments.ended_on.in_future",)]
    override(duckdb_registry, feed="treatments")
    assert sorted(duckdb_registry.rows(fails)) == [
        ("treatments.ended_on.after_death",),
        ("treatments.ended_on.in_future",),
    ]


def test_a_row_that_waits_keeps_its_cells(duckdb_registry: Registry) -> None:
    report = duckdb_registry.deliver("results", DAY_1, row("results", patient_id="P7", **BAD_LIMIT))
    assert (report.waiting, report.cells_set_aside) == (1, 1)
    duckdb_registry.deliver("patients", DAY_2, row("patients", "P7"))
    assert record(duckdb_registry, "results", "patient_id, reference_high") == [("P7", None)]
    assert cells(duckdb_registry) == [("L1", "reference_high", "n.d.", "open")]


def test_a_column_that_is_wholly_unreadable_holds_the_file(duckdb_registry: Registry) -> None:
    rows = [row("results", f"L{number}", **BAD_LIMIT) for number in range(200)]
    report = duckdb_registry.deliver("results", DAY_1, *rows)
    assert (report.state, report.reason_code, report.cells_set_aside) == ("held", "REG-307", 0)


def test_a_death_cause_that_cannot_be_right_leaves_the_death(duckdb_registry: Registry) -> None:
    dead = {"vital_status": "dead", "visit_date": "2013-05-01", "death_date": "2013-05-01"}
    duckdb_registry.deliver("visits", DAY_1, row("visits", death_cause="age", **dead))
    assert duckdb_registry.rows("SELECT CAST(death_date AS TEXT) FROM clinical.lifespan") == [("2013-05-01",)]
    assert record(duckdb_registry, "visits", "death_cause") == [(None,)]


def test_an_unreadable_death_date_sets_the_visit_aside_and_the_death_is_told(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver(
        "visits", DAY_1, row("visits", vital_status="dead", death_date="in May", death_cause="tumour")
    )
    assert duckdb_registry.quarantine() == [("V1", "visits.death_date.unreadable", "open")]
    assert duckdb_registry.rows("SELECT reason FROM clinical.undated_death") == [("death date unknown",)]


def test_a_row_that_was_set_aside_before_the_rule_was_about_cells_comes_in_when_judged_again(
    registry: Registry,
) -> None:
    """As a warehouse of an earlier version has it: its failures say nothing of cells."""
    registry.deliver("results", DAY_1, row("results", **BAD_LIMIT))
    warehouse = registry.warehouse
    warehouse.run_verbatim(" ".join(("UPDATE", "received.failure SET level = NULL")))
    warehouse.run("INSERT INTO resolved.due (feed) VALUES ('results')")
    warehouse.connection.commit()
    replayed = replay_records(warehouse, Selection(feed="results"))
    assert replayed.records == 1
    assert record(registry, "results", "result_id, reference_high") == [("L1", None)]
    assert registry.quarantine() == []
    assert cells(registry, "state") == [("open",)]


def test_a_person_is_told_of_cells_as_of_rows(registry: Registry) -> None:
    registry.deliver(
        "visits", DAY_1, row("visits", "V1", height_cm="17", ecog="9"), row("visits", "V2", height_cm="18")
    )
    told = registry.warehouse.run(select_text("alarms/set_aside")).mappings()
    assert [(alarm["subject"], alarm["rows_failed"], alarm["open_rows"]) for alarm in told] == [
        ("visits.height_cm.impossible", 2, 2),
        ("visits.ecog.impossible", 1, 1),
    ]
    night = gather(registry.warehouse)
    assert night is not None
    assert [(row["feed"], row["state"], row["records"]) for row in night.rows("backlog")] == [("visits", "cells", 3)]
    assert "cells are set aside, null in the record" in [line.what for line in attention(night)]
    assert [row["cells_set_aside"] for row in night.rows("feeds") if row["feed"] == "visits"] == [3]


def test_the_payload_is_the_row_as_it_came(registry: Registry) -> None:
    sent = row("results", **BAD_LIMIT)
    registry.deliver("results", DAY_1, sent)
    ((payload,),) = registry.rows("SELECT payload FROM quarantine.cell")
    assert {name: json.loads(payload)[name] for name in sent} == sent
