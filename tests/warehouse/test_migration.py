"""A warehouse that kept rows, quarantine and ledger as tables is brought up to date, and nothing of it is lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from include.basics.settings import Settings
from include.people.decisions import undo_decision
from include.pipeline.receiving.loads import load_landed
from include.warehouse import Warehouse, migration, open_warehouse, prepare, preparing
from include.warehouse.tables import columns_there
from tests.support.compiled import copy_rules
from tests.support.extracts import row
from tests.support.registry import Registry
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates, copied, copy_of, new_database
from tests.warehouse import old_warehouse
from tests.warehouse.old_warehouse import told

OLD = "7b0d140"
"""The last commit before facts were kept."""
ROOT = Path(__file__).resolve().parent.parent.parent
LEFT = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'before' ORDER BY table_name"

KEPT = ["decision", "failure", "load", "not_carried", "override", "record", "rule", "validation_result"]
"""What is left of the schema `before` in the end."""


@dataclass(frozen=True)
class Old:
    """A warehouse as the earlier version left it, and what it said then; `compiled` is one that has compiled rules."""

    url: str
    folder: Path
    said: dict[str, list[str]]
    compiled: str


@pytest.fixture(scope="module")
def old_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the earlier version; the test is skipped where the history does not go back that far."""
    folder = tmp_path_factory.mktemp("old_code")
    archive = subprocess.run(["git", "archive", OLD], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("the history does not go back to the earlier version")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


@pytest.fixture(scope="module")
def duckdb_template(old_code: Path, tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Old:
    """A warehouse of the earlier version on DuckDB, to copy."""
    folder = tmp_path_factory.mktemp("old_duckdb")
    return _made(old_code, f"duckdb:///{folder}/registry.duckdb", folder, templates.duckdb(folder / "compiled.duckdb"))


@pytest.fixture(scope="module")
def postgresql_template(
    old_code: Path, tmp_path_factory: pytest.TempPathFactory, templates: Templates, postgres_server: str
) -> Old:
    """The same on PostgreSQL."""
    folder = tmp_path_factory.mktemp("old_postgresql")
    return _made(old_code, new_database(postgres_server), folder, templates.postgresql(postgres_server))


def _made(code: Path, url: str, folder: Path, compiled: str) -> Old:
    answers = folder / "answers.json"
    script = [sys.executable, old_warehouse.__file__, url, str(folder), str(answers)]
    subprocess.run(script, cwd=code, env={**os.environ, "PYTHONPATH": str(code)}, check=True)
    return Old(url, folder, json.loads(answers.read_text()), compiled)


@pytest.fixture
def old_duckdb(duckdb_template: Old, tmp_path: Path) -> Old:
    """A warehouse of the earlier version on DuckDB, for what does not depend on the engine."""
    return _copied(duckdb_template, tmp_path / "registry.duckdb")


def _copied(old: Old, file: Path) -> Old:
    return replace(old, url=copy_of(old.url, file))


@pytest.fixture(params=["duckdb", "postgresql"])
def old(request: pytest.FixtureRequest) -> Old:
    """A warehouse of the earlier version, once on each engine."""
    if request.param == "duckdb":
        found: Old = request.getfixturevalue("old_duckdb")
        return found
    template: Old = request.getfixturevalue("postgresql_template")
    return replace(template, url=copied(request.getfixturevalue("postgres_server"), template.url))


def _prepare(old: Old) -> None:
    with open_warehouse(old.url) as warehouse:
        prepare(warehouse)
        copy_rules(old.compiled, warehouse)


def _opened(old: Old) -> Iterator[Registry]:
    with open_warehouse(old.url) as warehouse:
        yield Registry(warehouse, Settings(str(old.folder / "extracts"), old.url, str(old.folder / "landing")))


@pytest.fixture(scope="module")
def prepared_duckdb(duckdb_template: Old) -> Old:
    """The old warehouse on DuckDB, prepared by this version, to copy."""
    made = _copied(duckdb_template, duckdb_template.folder / "prepared.duckdb")
    _prepare(made)
    return made


@pytest.fixture
def registry(request: pytest.FixtureRequest, old: Old, tmp_path: Path) -> Iterator[Registry]:
    """The old warehouse, prepared by this version."""
    if old.url.startswith("duckdb"):
        old = _copied(request.getfixturevalue("prepared_duckdb"), tmp_path / "prepared.duckdb")
    else:
        _prepare(old)
    yield from _opened(old)


@pytest.fixture
def duckdb_registry(prepared_duckdb: Old, tmp_path: Path) -> Iterator[Registry]:
    """The same on DuckDB."""
    yield from _opened(_copied(prepared_duckdb, tmp_path / "prepared.duckdb"))


def test_a_dry_run_tells_the_statements_and_changes_nothing(old: Old) -> None:
    with open_warehouse(old.url) as warehouse:
        before = columns_there(warehouse)
        statements = preparing.planned(warehouse)
        warehouse.connection.commit()
        assert columns_there(warehouse) == before
    assert "CREATE SCHEMA before" in statements
    assert any(statement.startswith("CREATE TABLE received.results (") for statement in statements)
    assert not any(statement.startswith(("SELECT", "COMMENT")) for statement in statements)


def test_it_says_what_it_said_and_the_next_run_changes_nothing(
    registry: Registry, old: Old, caplog: pytest.LogCaptureFixture
) -> None:
    assert {row[0] for row in registry.rows("SELECT state FROM ops.load")} == {
        "received",
        "held",
        "rejected",
        "superseded",
    }
    registry.finish()
    now = told(registry.warehouse)
    for what in now:
        assert now[what] == old.said[what]
    assert all(now[f"current {feed}"] for feed in old_warehouse.FEEDS)
    assert "are no more" not in caplog.text
    assert "not received again" not in caplog.text
    assert [name for (name,) in registry.rows(LEFT)] == KEPT

    before = contents(registry.warehouse)
    prepare(registry.warehouse)
    assert registry.load() == []
    registry.finish()
    assert_same(contents(registry.warehouse), before)


def test_decisions_hold_for_what_comes_later_and_can_be_taken_back(duckdb_registry: Registry, tmp_path: Path) -> None:
    duckdb_registry.load()
    duckdb_registry.extracts = tmp_path / "later"  # the others' extracts stay as they are
    duckdb_registry.settings = replace(duckdb_registry.settings, extracts=str(duckdb_registry.extracts))
    again = [row("results", key, value="90000", status="corrected") for key in ("let past", "ended")]
    report = duckdb_registry.deliver("results", "2020-01-09", *again, row("results", "rejected", value="90000"))
    assert (report.updated, report.quarantined) == (1, 2)
    where = "record_key = 'let past'"
    (number,) = duckdb_registry.rows(f"SELECT DISTINCT override_id FROM quarantine.override WHERE {where}")[0]
    undo_decision(duckdb_registry.warehouse, int(number.split("-")[0]), "mg", "a mistake")
    assert duckdb_registry.rows(f"SELECT DISTINCT state FROM quarantine.record WHERE {where}") == [("open",)]
    states = "SELECT from_state, to_state, decided_by FROM quarantine.decision WHERE subject = 'record' AND load_id || "
    place = f"row_number IN (SELECT load_id || row_number FROM quarantine.record WHERE {where})"
    assert duckdb_registry.rows(f"{states}{place} AND to_state = 'open' AND decided_by = 'mg'")
    duckdb_registry.check_conservation()


def test_a_file_that_was_loaded_is_not_held_now(duckdb_registry: Registry) -> None:
    duckdb_registry.warehouse.run("UPDATE reference.threshold SET high = 0 WHERE kind = 'hold_share'")
    duckdb_registry.load()
    assert duckdb_registry.rows("SELECT COUNT(*) FROM ops.load WHERE state = 'loaded'") == [(12,)]


def test_a_file_that_is_gone_keeps_its_rows_before(
    duckdb_registry: Registry, old_duckdb: Old, caplog: pytest.LogCaptureFixture
) -> None:
    ((load_id, gone),) = duckdb_registry.rows(
        "SELECT load_id, landing_uri FROM ops.load WHERE feed = 'treatments' AND batch_date = '2020-01-02'"
    )
    Path(gone).rename(f"{gone}.away")
    for _ in range(2):
        _, failed = load_landed(duckdb_registry.warehouse, duckdb_registry.pull().waiting)
        assert failed == {load_id: "REG-203"}
    assert "1 files that were loaded before are not received again" in caplog.text
    assert duckdb_registry.rows(f"SELECT COUNT(*) FROM before.treatments WHERE load_id = '{load_id}'") == [(15,)]

    Path(f"{gone}.away").rename(gone)
    duckdb_registry.finish()
    assert told(duckdb_registry.warehouse)["records"] == old_duckdb.said["records"]
    assert [name for (name,) in duckdb_registry.rows(LEFT)] == KEPT


def test_a_step_that_fails_leaves_the_old_warehouse_as_it_was(old_duckdb: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Warehouse) -> None:
        raise RuntimeError

    with open_warehouse(old_duckdb.url) as warehouse:
        monkeypatch.setattr(migration, "carry_over", fail)
        with pytest.raises(RuntimeError):
            prepare(warehouse)
        assert told(warehouse) == old_duckdb.said
