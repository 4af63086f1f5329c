"""The verdict on staged rows: counts, failing rows of critical rules, and no cell's value."""

import logging
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from include import contracts
from include.expectations import Rule
from include.loading.names import names_of
from include.staging import FileFacts, stage
from include.validation import RuleResult, judge, judge_file
from include.warehouse import Warehouse
from tests.support import plain_judge
from tests.support.extracts import Row, as_csv, row
from tests.support.registry import Registry

SECRET = "Q7-secret"


def stage_file(warehouse: Warehouse, feed: str, file: Path, batch_date: date = date(2020, 11, 2)) -> None:
    """Stage a file and make the view `staged`, as the load step does."""
    stage(warehouse, feed, file)
    warehouse.replace_temporary(
        "staged", "loading/staged", {**names_of(warehouse, feed), "batch_date": batch_date.isoformat()}
    )


def stage_rows(warehouse: Warehouse, folder: Path, feed: str, *rows: Row) -> None:
    """Stage rows."""
    file = folder / f"{feed}.csv"
    file.write_bytes(as_csv(rows, contracts.read(feed).names))
    stage_file(warehouse, feed, file)


def failures(warehouse: Warehouse) -> set[tuple[int, str]]:
    """The failing rows that judging left."""
    return set(warehouse.run("SELECT row_number, rule_id FROM failure").tuples().all())


def verdict(results: list[RuleResult]) -> dict[str, tuple[int, bool]]:
    """Rule to rows failed and whether it holds rows back."""
    return {result.rule_id: (result.rows_failed, result.status == "fail") for result in results}


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_great_expectations_and_plain_sql_say_the_same_of_a_night(
    duckdb_registry: Registry, first_night: Path, feed: str
) -> None:
    warehouse = duckdb_registry.warehouse
    (file,) = (first_night / contracts.read(feed).source / feed).rglob("*.*")
    stage_file(warehouse, feed, file)
    said, failed = verdict(judge(warehouse, feed)), failures(warehouse)
    expected, expected_rows = verdict(plain_judge.judge(warehouse, feed)), failures(warehouse)
    assert {r: v for r, v in said.items() if v[0]} == {r: v for r, v in expected.items() if v[0]}
    assert said.keys() == expected.keys()
    assert failed == expected_rows


def test_every_failing_row_of_a_critical_rule_is_named(registry: Registry, tmp_path: Path) -> None:
    bad = {3, 4, 500}
    rows = [row("results", f"L{n}", value="none" if n in bad else "30") for n in range(1, 601)]
    stage_rows(registry.warehouse, tmp_path, "results", *rows, row("results", "", unit=""))
    said = verdict(judge(registry.warehouse, "results"))
    assert said["results.value.unreadable"] == (3, True)
    assert failures(registry.warehouse) == {
        *((number, "results.value.unreadable") for number in bad),
        (601, "results.result_id.missing"),
        (601, "results.unit.missing"),
    }


def test_counts_say_how_many_rows_a_rule_looked_at(registry: Registry, tmp_path: Path) -> None:
    rows = [row("visits", "V1", ecog="1"), row("visits", "V2", ecog="7"), row("visits", "V3"), row("visits", "V4")]
    stage_rows(registry.warehouse, tmp_path, "visits", *rows)
    results = {result.rule_id: result for result in judge(registry.warehouse, "visits")}
    ecog = results["visits.ecog.impossible"]
    assert (ecog.severity, ecog.rows_checked, ecog.rows_failed, ecog.status) == ("critical", 2, 1, "fail")
    assert results["visits.height_cm.impossible"].status == "not_applicable"
    assert results["visits.visit_id.missing"].rows_checked == 4


def test_a_file_is_loaded_by_great_expectations_verdict(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"))
    after = row("results", "L3", collected_at="2030-01-02T08:15")
    report = registry.deliver("results", "2020-01-01", row("results", "L1"), row("results", "L2", value="none"), after)
    assert (report.state, report.loaded, report.quarantined) == ("loaded", 1, 2)
    assert registry.quarantine() == [
        ("L2", "results.value.unreadable", "open"),
        ("L3", "results.collected_at.in_future", "open"),
    ]
    stored = registry.rows(f"SELECT * FROM ops.validation_result WHERE load_id = '{report.load_id}'")
    assert {result[1] for result in stored} >= {"file.columns.missing", "results.value.unreadable"}
    assert len(stored) == len({result[1] for result in stored})


def test_rules_of_one_level_are_judged_alone(duckdb_registry: Registry, tmp_path: Path) -> None:
    stage_rows(duckdb_registry.warehouse, tmp_path, "results", row("results", value="none", unit=""))
    said = judge(duckdb_registry.warehouse, "results", level="lifespan")
    assert {result.rule_id.rpartition(".")[2] for result in said} == {
        "before_birth",
        "after_death",
        "moved",
        "reassigned",
    }
    assert failures(duckdb_registry.warehouse) == set()


def test_no_cell_is_in_results_or_logs(registry: Registry, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cells = row("visits", SECRET, patient_id=SECRET, visit_date=SECRET, weight_kg=SECRET, status=SECRET)
    stage_rows(registry.warehouse, tmp_path, "visits", cells, cells)
    results = judge(registry.warehouse, "visits")
    assert sum(result.status == "fail" for result in results) >= 3
    assert SECRET not in repr(results)
    assert SECRET not in caplog.text


def test_no_failing_cell_is_read(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = import_module("include.validation.engine").SessionEngine
    execute, seen = engine.execute_query, []

    def spy(self: Any, query: Any) -> Any:
        rows = execute(self, query).freeze()
        seen.extend(rows().all())
        return rows()

    monkeypatch.setattr(engine, "execute_query", spy)
    stage_rows(registry.warehouse, tmp_path, "visits", row("visits", "V1", patient_id=SECRET, status=SECRET))
    results = verdict(judge(registry.warehouse, "visits"))
    assert results["visits.status.unknown_code"] == (1, True)
    assert seen
    assert SECRET not in repr(seen)


def test_a_table_is_judged_as_it_is_now(registry: Registry, tmp_path: Path) -> None:
    for feed, status, failed in (("visits", "?", 1), ("results", "?", 1), ("visits", "final", 0)):
        stage_rows(registry.warehouse, tmp_path, feed, row(feed, status=status))
        assert verdict(judge(registry.warehouse, feed))[f"{feed}.status.unknown_code"][0] == failed


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
    monkeypatch.setattr(import_module("include.validation.judge"), "read_suite", lambda _: (broken,))
    monkeypatch.setattr(import_module("include.loading.load"), "judge_file", plain_judge.judge_file)
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
        (FileFacts(5, (), 0, 0), {}),
        (FileFacts(5, ("sex", "status"), 0, 0), {"file.columns.missing": "fail"}),
        (FileFacts(0, (), 0, 0), {}),
        (FileFacts(5, (), 2, 1), {"file.columns.unknown": "pass_with_failures", "file.columns.repeated": "fail"}),
    ],
)
def test_a_file_is_judged_by_what_is_known_of_it(
    duckdb_registry: Registry, facts: FileFacts, failed: dict[str, str]
) -> None:
    results = judge_file(duckdb_registry.warehouse, facts)
    assert {result.rule_id: result.status for result in results if result.rows_failed} == failed
    plain = plain_judge.judge_file(duckdb_registry.warehouse, facts)
    assert {result.rule_id for result in plain if result.rows_failed} == failed.keys()
