"""A DuckDB warehouse goes to PostgreSQL with all that was received and decided, and the next night goes on there."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history import verify
from include.history.journal import check_journal
from include.history.move import _copy_table, move
from include.people.decisions import undo_decision
from include.pipeline.marts.disclosure import small_cell
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from include.warehouse.frames import append
from include.warehouse.noted import note
from include.warehouse.tables import Column, Table, create
from tests.history.conftest import DAY_3
from tests.history.test_rebuild import told
from tests.support.extracts import row, send
from tests.support.tables import assert_same
from tests.support.warehouses import Templates, new_database

SEEN = "SELECT * FROM ops.seen_file ORDER BY 1, 2"
EARLIER = "SELECT subject, criteria, events FROM ops.estimate WHERE data_cutoff_date < '2020-01-01' ORDER BY 1, 2, 3"
ALARMS = "SELECT * FROM ops.alarm ORDER BY 1, 2"


@pytest.fixture
def target(duckdb_settings: Settings, templates: Templates, postgres_server: str) -> Settings:
    """The settings of an empty PostgreSQL over the same extracts and landing area."""
    return replace(duckdb_settings, warehouse=templates.postgresql(postgres_server))


def test_everything_is_what_the_facts_make_and_decisions_hold_on(duckdb_settings: Settings, target: Settings) -> None:
    report = move(duckdb_settings, target.warehouse)
    assert (report.files, report.decisions) == (9, 2)
    expected, got = told(duckdb_settings), told(target)
    assert got[:2] == expected[:2]
    assert_same(got[2], expected[2])  # type: ignore[arg-type]
    assert verify(target) == []
    assert check_journal(target) == []

    send(Path(target.extracts), "results", DAY_3, [row("results", "L2", value="90000", status="corrected")], "same.csv")
    send(Path(target.extracts), "results", DAY_3, [row("results", "L6", value="haemolysed")], "rejected.csv")
    assert [(load.updated, load.quarantined) for load in run_steps(target).loads] == [(0, 1), (1, 0)]
    with open_warehouse(target.warehouse) as warehouse:
        states = "SELECT DISTINCT state FROM quarantine.record WHERE record_key = 'L6'"
        assert warehouse.run(states).scalars().all() == ["rejected"]
        undo_decision(warehouse, 1, "mg", "a mistake")
    run_steps(target)
    assert verify(target) == []


def test_what_was_looked_at_and_told_is_not_looked_at_and_told_again(
    duckdb_settings: Settings, target: Settings
) -> None:
    move(duckdb_settings, target.warehouse)
    for asked in (SEEN, ALARMS):
        with open_warehouse(duckdb_settings.warehouse) as source, open_warehouse(target.warehouse) as moved:
            assert moved.run(asked).tuples().all() == source.run(asked).tuples().all()
    assert run_steps(target).loads == []


def test_estimates_of_earlier_days_are_kept(duckdb_settings: Settings, target: Settings) -> None:
    with open_warehouse(duckdb_settings.warehouse) as source, source.transaction():
        source.run("UPDATE ops.estimate SET data_cutoff_date = '2019-12-31'")
    move(duckdb_settings, target.warehouse)
    with open_warehouse(duckdb_settings.warehouse) as source, open_warehouse(target.warehouse) as moved:
        assert moved.run(EARLIER).tuples().all() == source.run(EARLIER).tuples().all() != []


def test_small_cells_stay_withheld(
    duckdb_settings: Settings, target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMALL_CELL", raising=False)
    with open_warehouse(duckdb_settings.warehouse) as source:
        note(source, "small_cell", "5")
    move(duckdb_settings, target.warehouse)
    with open_warehouse(target.warehouse) as moved:
        assert small_cell(moved) == 5


def test_texts_that_look_like_nothing_stay_what_they_are(postgres_server: str, tmp_path: Path) -> None:
    texts = ["", "\\N", 'a,"b"', "a\nb", "\\.", None, " "]
    table = Table("kept", "", (Column("number", "integer", ""), Column("kept", "text", "")))
    with open_warehouse("duckdb:///:memory:") as reader, open_warehouse(new_database(postgres_server)) as warehouse:
        for one in (reader, warehouse):
            create(one, table)
        append(reader, "kept", [{"number": number, "kept": text} for number, text in enumerate(texts)])
        _copy_table(reader, "kept", warehouse, table, tmp_path / "rows.csv")
        assert warehouse.run("SELECT kept FROM kept ORDER BY number").scalars().all() == texts


@pytest.mark.parametrize(("where", "before"), [("derive_touched", 0), ("_copy_table", 3)])
def test_an_interrupted_one_goes_on(
    duckdb_settings: Settings, target: Settings, monkeypatch: pytest.MonkeyPatch, where: str, before: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(f"include.history.move.{where}", Mock(side_effect=[*[None] * before, KeyboardInterrupt]))
        with pytest.raises(KeyboardInterrupt):
            move(duckdb_settings, target.warehouse)
    report = move(duckdb_settings, target.warehouse)
    assert (report.files, report.decisions) == (9, 2)
    assert told(target)[:2] == told(duckdb_settings)[:2]
    with pytest.raises(RegistryError) as raised:
        move(duckdb_settings, target.warehouse)
    assert raised.value.code == "REG-123"


def test_a_target_that_is_not_empty_stays_as_it_is(duckdb_settings: Settings, target: Settings) -> None:
    with open_warehouse(target.warehouse) as warehouse:
        append(warehouse, "decision.event", [{"decision_id": 1, "kind": "reject", "decided_by": "mg"}])
    with pytest.raises(RegistryError) as raised:
        move(duckdb_settings, target.warehouse)
    assert raised.value.code == "REG-123"
    with open_warehouse(target.warehouse) as warehouse:
        assert warehouse.scalar("SELECT COUNT(*) FROM received.file") == 0


def test_new_database_is_prepared_by_the_move(duckdb_settings: Settings, postgres_server: str) -> None:
    empty = new_database(postgres_server)
    assert move(duckdb_settings, empty).files == 9
