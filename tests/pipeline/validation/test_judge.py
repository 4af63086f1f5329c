"""The verdict on staged rows: failing rows, counts by rule and file, and no cell's value."""

import logging
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from include.definitions import contracts
from include.definitions.contracts.feed_sql import of_feed
from include.definitions.expectations import Rule, read_suite
from include.pipeline.receiving.batch import BatchFile, mark_received, note_files
from include.pipeline.staging import stage
from include.pipeline.validation import judge
from include.pipeline.validation.compiled import count_checked
from include.warehouse import Warehouse
from tests.support import great_expectations
from tests.support.extracts import Row, as_csv, row
from tests.support.registry import Registry

SECRET = "Q7-secret"
DAY = date(2020, 11, 2)


def stage_file(warehouse: Warehouse, feed: str, file: Path, batch_date: date = DAY) -> None:
    """Stage a file and make the table `staged` with all columns that rules look at, whatever their level."""
    one = BatchFile(1, "L1", feed, batch_date, "", "", False, False, 0, 1, facts=stage(warehouse, feed, file))
    note_files(warehouse, [one])
    mark_received(warehouse, [one])
    of = of_feed(feed, is_duckdb=warehouse.is_duckdb)
    warehouse.drop_temporary("staged", "known_empty")
    for table in ("staged", "known_empty"):
        warehouse.replace_temporary(table, f"receiving/{table}", of)
    others = "k.is_moved, k.closes_cycle, k.has_other_survivor"
    known = f"{others}, k.is_announced, k.patient_birth_date, k.patient_death_date, k.patient_earliest_death_date"
    warehouse.run(
        f"CREATE TEMPORARY TABLE whole AS SELECT s.*, {known} FROM staged AS s LEFT JOIN known_empty AS k ON FALSE"
    )
    warehouse.run("DROP TABLE staged")
    warehouse.run("ALTER TABLE whole RENAME TO staged")
    warehouse.connection.commit()


def stage_rows(warehouse: Warehouse, folder: Path, feed: str, *rows: Row) -> None:
    """Stage rows."""
    file = folder / f"{feed}.csv"
    file.write_bytes(as_csv(rows, contracts.read(feed).names))
    stage_file(warehouse, feed, file)


def failures(warehouse: Warehouse) -> set[tuple[int, str]]:
    """The rows that fail a critical rule."""
    asked = "SELECT row_number, rule_id FROM failing WHERE severity = 'critical'"
    return set(warehouse.run(asked).tuples().all())


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "by Great Expectations"])
def test_every_failing_row_of_a_critical_rule_is_named(registry: Registry, tmp_path: Path, is_kept: bool) -> None:
    if not is_kept:
        registry.warehouse.run("DELETE FROM ops.compiled_rule")
    bad = {3, 4, 500}
    rows = [row("results", f"L{n}", value="none" if n in bad else "30") for n in range(1, 601)]
    stage_rows(registry.warehouse, tmp_path, "results", *rows, row("results", "", unit=""))
    assert judge(registry.warehouse, read_suite("results"), "staged").broken == set()
    assert failures(registry.warehouse) == {
        *((number, "results.value.unreadable") for number in bad),
        (601, "results.result_id.missing"),
        (601, "results.unit.missing"),
    }


def test_counts_say_how_many_rows_a_rule_looked_at(registry: Registry, tmp_path: Path) -> None:
    rows = [row("visits", "V1", ecog="1"), row("visits", "V2", ecog="7"), row("visits", "V3"), row("visits", "V4")]
    stage_rows(registry.warehouse, tmp_path, "visits", *rows)
    judged = judge(registry.warehouse, read_suite("visits"), "staged")
    counts = {rule_id: rows for _, rule_id, rows in count_checked(registry.warehouse, judged.rules, "staged")}
    assert failures(registry.warehouse) == {(2, "visits.ecog.impossible")}
    assert [counts[f"visits.{rule}"] for rule in ("ecog.impossible", "height_cm.impossible", "visit_id.missing")] == [
        2,
        0,
        4,
    ]


def test_a_file_is_loaded_by_great_expectations_verdict(registry: Registry) -> None:
    registry.warehouse.run("DELETE FROM ops.compiled_rule")
    registry.deliver("patients", "2020-01-01", row("patients"))
    after = row("results", "L3", collected_at="2030-01-02T08:15")
    report = registry.deliver("results", "2020-01-01", row("results", "L1"), row("results", "L2", value="none"), after)
    assert (report.state, report.loaded, report.quarantined) == ("loaded", 1, 2)
    assert registry.quarantine() == [
        ("L2", "results.value.unreadable", "open"),
        ("L3", "results.collected_at.in_future", "open"),
    ]
    stored = registry.rows(f"SELECT rule_id FROM ops.validation_result WHERE load_id = '{report.load_id}'")
    assert {rule_id for (rule_id,) in stored} == {r.rule_id for r in (*read_suite("file"), *read_suite("results"))}
    assert len(stored) == len(set(stored))


def test_no_cell_is_in_tables_or_logs(registry: Registry, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    registry.warehouse.run("DELETE FROM ops.compiled_rule")
    cells = row("visits", SECRET, patient_id=SECRET, visit_date=SECRET, weight_kg=SECRET, status=SECRET)
    stage_rows(registry.warehouse, tmp_path, "visits", cells, cells)
    judge(registry.warehouse, read_suite("visits"), "staged")
    assert len(failures(registry.warehouse)) >= 6
    for table in ("failing", "ops.compiled_rule"):
        assert SECRET not in str(registry.rows(f"SELECT * FROM {table}"))
    assert SECRET not in caplog.text


def test_no_failing_cell_is_read(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = import_module("include.pipeline.validation.engine").SessionEngine
    execute, seen = engine.execute_query, []

    def spy(self: Any, query: Any) -> Any:
        rows = execute(self, query).freeze()
        seen.extend(rows().all())
        return rows()

    monkeypatch.setattr(engine, "execute_query", spy)
    registry.warehouse.run("DELETE FROM ops.compiled_rule")
    stage_rows(registry.warehouse, tmp_path, "visits", row("visits", "V1", patient_id=SECRET, status=SECRET))
    judge(registry.warehouse, read_suite("visits"), "staged")
    assert (1, "visits.status.unknown_code") in failures(registry.warehouse)
    assert seen
    assert SECRET not in repr(seen)


def test_a_table_is_judged_as_it_is_now(registry: Registry, tmp_path: Path) -> None:
    for feed, status, failed in (("visits", "?", True), ("results", "?", True), ("visits", "final", False)):
        stage_rows(registry.warehouse, tmp_path, feed, row(feed, status=status))
        judge(registry.warehouse, read_suite(feed), "staged")
        assert ((1, f"{feed}.status.unknown_code") in failures(registry.warehouse)) == failed


def test_a_rule_that_cannot_be_evaluated_holds_the_file_until_it_can(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT row_number FROM {batch} WHERE no_such_column IS NULL"
    settings = {
        "type": "unexpected_rows_expectation",
        "kwargs": {"unexpected_rows_query": query},
        "meta": {"rule_id": "visits.broken"},
        "severity": "warning",
        "description": "A rule that names a column which is not there.",
    }
    broken = Rule("visits.broken", "warning", "row", settings)
    for module, name in (("receive", "own_rules"), ("keep", "own_rules"), ("keep", "read_suite")):
        receiving = import_module(f"include.pipeline.receiving.{module}")
        read = getattr(receiving, name)
        monkeypatch.setattr(receiving, name, lambda feed, read=read: (broken,) if feed == "visits" else read(feed))
    report = duckdb_registry.deliver("visits", "2020-01-01", row("visits"))
    assert report.state == "held"
    assert "REG-303" in str(report.reason)
    errors = duckdb_registry.rows("SELECT rule_id FROM ops.validation_result WHERE status = 'error'")
    assert errors == [("visits.broken",)]
    assert duckdb_registry.states("visits", "visit_id") == []
    monkeypatch.undo()
    (report,) = duckdb_registry.load()
    assert (report.state, report.reason, report.waiting) == ("loaded", None, 1)


@pytest.mark.parametrize(
    ("facts", "failed"),
    [
        ((5, 0, 0, 0, 0), set()),
        ((5, 2, 0, 0, 0), {"file.columns.missing"}),
        ((0, 0, 0, 0, 0), set()),
        ((5, 0, 2, 1, 0), {"file.columns.unknown", "file.columns.repeated"}),
    ],
)
def test_a_file_is_judged_by_what_is_known_of_it(
    duckdb_registry: Registry, facts: tuple[int, ...], failed: set[str]
) -> None:
    warehouse, rules = duckdb_registry.warehouse, read_suite("file")
    warehouse.replace_temporary("batch_file", "receiving/batch_file")
    warehouse.run(f"INSERT INTO batch_file VALUES {(1, 'L1', 1, '2020-01-01', True, 1, *facts)}")
    assert judge(warehouse, rules, "batch_file").broken == set()
    found = warehouse.run("SELECT rule_id FROM failing").scalars().all()
    assert set(found) == failed == {one[1] for one in great_expectations.failing_of(warehouse, rules, "batch_file")}
