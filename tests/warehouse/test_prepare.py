"""The warehouse is brought in step with the files of the version in use, and left alone when it is."""

from datetime import datetime
from pathlib import Path
from shutil import copytree, ignore_patterns
from types import ModuleType

import pytest

from include.basics.errors import RegistryError
from include.definitions import expectations
from include.pipeline.derivation import derive_touched
from include.warehouse import catalogue, prepare, reference
from include.warehouse.tables import columns_there
from tests.support.extracts import row
from tests.support.marts import refresh_only
from tests.support.registry import Registry
from tests.support.tables import assert_same, contents


def test_files_that_changed_make_derived_tables_anew_and_keep_the_record(registry: Registry) -> None:
    registry.send("patients", "2020-01-01", row("patients"))
    registry.send("results", "2020-01-01", row("results"))
    registry.finish()
    before = contents(registry.warehouse)
    registry.warehouse.run("CREATE TABLE derived.of_an_earlier_version (patient_id TEXT)")
    registry.warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
    prepare(registry.warehouse)
    assert "derived.of_an_earlier_version" not in columns_there(registry.warehouse)
    assert registry.rows("SELECT patient_id FROM ops.touched_patient") == [("P1",)]
    registry.finish()
    assert_same(contents(registry.warehouse), before)


def test_what_was_received_before_is_resolved_by_the_files_of_this_version(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"), row("patients", "P2"))
    registry.deliver("results", "2020-01-01", row("results"))
    registry.deliver("results", "2020-01-02", row("results", patient_id="P2"))
    registry.warehouse.run("DELETE FROM resolved.fate")
    registry.warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
    prepare(registry.warehouse)
    derive_touched(registry.warehouse)
    assert registry.states("results", "patient_id") == [("P1", "current"), ("P2", "quarantined")]
    assert registry.quarantine("patient_id, state") == [("P2", "open")]


def test_a_column_that_is_new_is_empty_in_old_rows(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"))
    registry.warehouse.run("ALTER TABLE received.patients DROP COLUMN discovery_mode CASCADE")
    registry.warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
    prepare(registry.warehouse)
    assert registry.rows("SELECT patient_id, discovery_mode FROM clinical.current_patients") == [("P1", None)]


BEFORE_MERGES = (
    "ALTER TABLE clinical.lifespan DROP COLUMN person_id CASCADE",
    "ALTER TABLE clinical.lifespan DROP COLUMN describes CASCADE",
    "DROP TABLE clinical.person CASCADE",
    "DROP TABLE received.merges CASCADE",
    "UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'",
)


def test_a_warehouse_from_before_merges_counts_its_patients_at_once(registry: Registry) -> None:
    registry.send("patients", "2020-01-01", row("patients"))
    registry.send("results", "2020-01-01", row("results"))
    registry.finish()
    before = contents(registry.warehouse)
    for statement in BEFORE_MERGES:
        registry.warehouse.run(statement)
    prepare(registry.warehouse)
    for feed in ("patients", "results"):
        assert registry.rows(f"SELECT patient_id FROM clinical.current_{feed}") == [("P1",)]
    registry.finish()
    assert_same(contents(registry.warehouse), before)


@pytest.mark.parametrize(
    ("module", "file", "old", "new", "table"),
    [
        (expectations, "thresholds.csv", ",,20,%,20", ",20,,%,20", "reference.threshold"),
        (expectations, "thresholds.csv", "2026-11-01", "1793491200", "reference.threshold"),
        (reference, "setting.csv", ",30.4375,", ",nan,", "reference.setting"),
        (reference, "setting.csv", None, "", "reference.setting"),
        (reference, "tables.yml", "  plausible_range:", "  setting:", "reference.setting"),
    ],
)
def test_a_wrong_file_is_refused_whole_and_what_was_loaded_stays(
    duckdb_registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    file: str,
    old: str | None,
    new: str,
    table: str,
) -> None:
    before = duckdb_registry.rows(f"SELECT * FROM {table} ORDER BY 1")
    folder = copytree(module.FOLDER, tmp_path / module.FOLDER.name, ignore=ignore_patterns("*.py", "__pycache__"))
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", folder)
    duckdb_registry.warehouse.run("UPDATE ops.step SET fingerprint = 'other' WHERE step IN ('prepare', 'catalogue')")

    with pytest.raises(RegistryError, match=rf"{folder.name}/{file}: .*\[REG-401\]"):
        prepare(duckdb_registry.warehouse)

    assert duckdb_registry.rows(f"SELECT * FROM {table} ORDER BY 1") == before


def test_a_file_that_is_missing_is_named(
    duckdb_registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suites = copytree(expectations.FOLDER, tmp_path / "expectations", ignore=ignore_patterns("*.py", "__pycache__"))
    (suites / "thresholds.csv").unlink()
    monkeypatch.setattr(expectations, "FOLDER", suites)

    with pytest.raises(RegistryError, match=r"1 problems .*\nexpectations/thresholds\.csv: is not there .*\[REG-401\]"):
        prepare(duckdb_registry.warehouse)


def test_without_a_rule_that_a_contract_asks_for_nothing_is_loaded(
    duckdb_registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suites = copytree(expectations.FOLDER, tmp_path / "expectations", ignore=ignore_patterns("*.py", "__pycache__"))
    suite = suites / "merges.yml"
    lacking = suite.read_text().replace("merges.surviving_patient_id.cycle", "merges.surviving_patient_id.of_no_use")
    suite.write_text(lacking)
    monkeypatch.setattr(expectations, "FOLDER", suites)

    asked = r"expectations/merges\.yml: merges\.surviving_patient_id\.cycle: .*asks for this rule.*\[REG-401\]"
    with pytest.raises(RegistryError, match=asked):
        prepare(duckdb_registry.warehouse)


@pytest.fixture
def stricter_in_2099(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A threshold that holds from 2 January 2099 on."""
    suites = copytree(expectations.FOLDER, tmp_path / "expectations", ignore=ignore_patterns("*.py", "__pycache__"))
    with (suites / "thresholds.csv").open("a", encoding="utf-8") as file:
        file.write("late.warning,failing_warning,,,,7,%,20,2099-01-02,registry office,Stricter from then on\n")
    monkeypatch.setattr(expectations, "FOLDER", suites)


def test_the_day_from_which_a_threshold_holds_makes_the_marts_stale_once(
    registry: Registry, stricter_in_2099: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = []
    for day in (1, 2, 3):
        monkeypatch.setattr(catalogue, "utc_now", lambda day=day: datetime(2099, 1, day, 4))
        prepare(registry.warehouse)
        stale.append(registry.warehouse.marts_are_stale())
        refresh_only(registry.warehouse, "rule_catalogue")
    assert stale == [True, True, False]


def test_a_threshold_that_begins_while_files_are_compared_is_noticed_by_the_next_run(
    duckdb_registry: Registry, stricter_in_2099: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse, clock = duckdb_registry.warehouse, [datetime(2099, 1, 1, 23)]
    monkeypatch.setattr(catalogue, "utc_now", lambda: clock[-1])
    prepare(warehouse)
    refresh_only(warehouse, "rule_catalogue")
    settled = catalogue.settled_rules

    def at_midnight() -> str:
        clock.append(datetime(2099, 1, 2))
        return settled()

    warehouse.run("UPDATE ops.step SET fingerprint = 'other' WHERE step = 'files'")
    monkeypatch.setattr(catalogue, "settled_rules", at_midnight)
    prepare(warehouse)
    prepare(warehouse)
    assert warehouse.marts_are_stale()
