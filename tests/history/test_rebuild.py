"""From the landed files and the journal of decisions alone a new warehouse gets the same record, fates and marts."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from unittest.mock import Mock

import pandas as pd
import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history import verify
from include.history.journal import check_journal, write_journal
from include.history.rebuild import rebuild
from include.people.decisions import reject_file, release_file
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from include.warehouse.frames import append
from tests.history.conftest import DAY_1, DAY_3
from tests.support.extracts import row, send
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates

LEDGER = (
    "SELECT load_id, file_name, delivery, state, rows_received, rows_loaded, rows_updated, rows_unchanged, "
    "rows_quarantined, rows_waiting FROM ops.load ORDER BY load_id"
)
RECORDS = (
    "SELECT load_id, row_number, record_key, rule_ids, state, reason, decided_by FROM quarantine.record ORDER BY 1, 2"
)


@pytest.fixture
def new(settings: Settings, tmp_path: Path, templates: Templates, request: pytest.FixtureRequest) -> Settings:
    """The settings of a new warehouse of the same engine over the same landing area."""
    server = None if settings.warehouse.startswith("duckdb") else request.getfixturevalue("postgres_server")
    return replace(settings, warehouse=templates.new(tmp_path / "new.duckdb", server))


@pytest.fixture
def new_duckdb(duckdb_settings: Settings, tmp_path: Path, templates: Templates) -> Settings:
    """The same on DuckDB."""
    return replace(duckdb_settings, warehouse=templates.duckdb(tmp_path / "new.duckdb"))


def told(settings: Settings) -> tuple[object, ...]:
    """Ledger, quarantine and tables."""
    with open_warehouse(settings.warehouse) as warehouse:
        ledger, records = (warehouse.run(asked).tuples().all() for asked in (LEDGER, RECORDS))
        return ledger, records, contents(warehouse)


def test_the_new_warehouse_is_the_old_one_and_the_next_night_goes_on(settings: Settings, new: Settings) -> None:
    """A row came again in another form; a file was released, and another one refused, before another content came."""
    extracts = Path(settings.extracts)
    send(extracts, "results", DAY_1, [row("results", "L1", value="31")])
    bad = [row("results", f"Z{n}", value="haemolysed" if n < 9 else "30") for n in range(30)]
    send(extracts, "results", DAY_3, bad, "z.csv")
    send(extracts, "results", DAY_3, bad[:20], "refused.csv")
    held = {report.received: report.load_id for report in run_steps(settings).loads if report.state == "held"}
    with open_warehouse(settings.warehouse) as warehouse:
        release_file(warehouse, held[30], "mg", "it is right")
        reject_file(warehouse, held[20], "mg", "it is wrong")
        write_journal(warehouse, settings)
    send(extracts, "results", DAY_3, [row("results", "Z0")], "z.csv")
    run_steps(settings)

    report = rebuild(new)
    assert (report.files, report.decisions, report.failed) == (13, 4, {})
    expected, got = told(settings), told(new)
    assert got[:2] == expected[:2]
    assert_same(got[2], expected[2])  # type: ignore[arg-type]
    assert verify(new) == []

    for one in (settings, new):
        send(Path(one.extracts), "results", DAY_3, [row("results", "L9")], "late.csv")
        assert [load.loaded for load in run_steps(one).loads] == [1]
    assert told(new)[:2] == told(settings)[:2]


def test_a_landed_file_without_its_entry_is_told(duckdb_settings: Settings, new_duckdb: Settings) -> None:
    next(Path(duckdb_settings.landing).rglob("*.ledger.json")).unlink()
    with pytest.raises(RegistryError) as raised:
        rebuild(new_duckdb)
    assert raised.value.code == "REG-805"


def test_a_ledger_entry_that_breaks_off_is_told(duckdb_settings: Settings, new_duckdb: Settings) -> None:
    entry = next(Path(duckdb_settings.landing).rglob("*.ledger.json"))
    entry.write_bytes(entry.read_bytes()[:-20])
    with pytest.raises(RegistryError) as raised:
        rebuild(new_duckdb)
    assert raised.value.code == "REG-805"


def test_a_journal_of_another_warehouse_is_not_gone_on_with(duckdb_settings: Settings) -> None:
    with open_warehouse(duckdb_settings.warehouse) as warehouse:
        warehouse.run("DELETE FROM decision.event WHERE decision_id = 2")
        warehouse.run("DELETE FROM decision.subject WHERE decision_id = 2")
        with pytest.raises(RegistryError) as raised:
            write_journal(warehouse, duckdb_settings)
    assert raised.value.code == "REG-608"


def test_a_journal_that_cannot_be_listed_is_none_without_decisions(duckdb_settings: Settings) -> None:
    kept = Path(duckdb_settings.landing) / "decisions"
    kept.rename(kept.with_name("kept"))
    kept.write_text("in the way", encoding="utf-8")
    with open_warehouse(duckdb_settings.warehouse) as warehouse, pytest.raises(RegistryError) as raised:
        write_journal(warehouse, duckdb_settings)
    assert raised.value.code == "REG-101"

    kept.unlink()
    with open_warehouse(duckdb_settings.warehouse) as warehouse:
        write_journal(warehouse, duckdb_settings)
    assert check_journal(duckdb_settings) == []


def test_an_interrupted_one_goes_on(
    duckdb_settings: Settings, new_duckdb: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("include.history.rebuild.derive_touched", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rebuild(new_duckdb)
    report = rebuild(new_duckdb)
    assert (report.files, report.decisions) == (9, 2)
    assert told(new_duckdb)[:2] == told(duckdb_settings)[:2]
    with pytest.raises(RegistryError) as raised:
        rebuild(new_duckdb)
    assert raised.value.code == "REG-804"


def test_what_was_decided_before_decisions_were_events_is_in_the_new_one(
    duckdb_settings: Settings, new_duckdb: Settings
) -> None:
    with open_warehouse(duckdb_settings.warehouse) as warehouse:
        load_id = warehouse.scalar("SELECT MIN(load_id) FROM received.file")
        trail = {"decision_id": "d1", "subject": "file", "load_id": load_id, "to_state": "released"}
        trail |= {"decided_by": "mg", "decided_at": datetime(2019, 5, 1, 12, 30), "reason": "it is right"}
        append(warehouse, "decision.before", pd.DataFrame([trail]))
        loaded = {"load_id": load_id, "rows_received": 3, "rows_failing": 1, "loaded_at": datetime(2019, 5, 1)}
        append(warehouse, "received.loaded_before", pd.DataFrame([loaded]))
        write_journal(warehouse, duckdb_settings)
    assert check_journal(duckdb_settings) == []
    rebuild(new_duckdb)
    with open_warehouse(new_duckdb.warehouse) as warehouse:
        kept = "SELECT load_id, decided_by, decided_at, reason FROM decision.before"
        assert warehouse.run(kept).tuples().all() == [(load_id, "mg", datetime(2019, 5, 1, 12, 30), "it is right")]
        assert warehouse.scalar("SELECT rows_failing FROM received.loaded_before") == 1
    (Path(duckdb_settings.landing) / "decisions" / "before.json").write_text("{}")
    assert check_journal(duckdb_settings) == ["before.json is missing or not what was decided before"]


def test_a_warehouse_with_files_is_left_alone(duckdb_settings: Settings) -> None:
    with pytest.raises(RegistryError) as raised:
        rebuild(duckdb_settings)
    assert raised.value.code == "REG-804"


def test_a_journal_that_lacks_a_decision_is_refused(duckdb_settings: Settings, new_duckdb: Settings) -> None:
    first = min((Path(duckdb_settings.landing) / "decisions").iterdir())
    first.unlink()
    with pytest.raises(RegistryError) as raised:
        rebuild(new_duckdb)
    assert raised.value.code == "REG-608"


@pytest.mark.parametrize("name", ["000000000002.json", "before.json"])
def test_a_file_of_the_journal_that_breaks_off_is_refused(
    duckdb_settings: Settings, new_duckdb: Settings, name: str
) -> None:
    file = Path(duckdb_settings.landing) / "decisions" / name
    file.write_bytes(file.read_bytes()[:-20] if file.exists() else b'{"decision.before": [')
    with pytest.raises(RegistryError) as raised:
        rebuild(new_duckdb)
    assert raised.value.code == "REG-608"


def test_each_decision_names_the_one_before_by_its_hash(duckdb_settings: Settings) -> None:
    first, second = (
        json.loads(file.read_bytes()) for file in sorted((Path(duckdb_settings.landing) / "decisions").iterdir())
    )
    assert first["previous"] == ""
    assert len(second["previous"]) == 64
    assert [subject["rule_id"] for subject in first["subjects"] if "rule_id" in subject] == ["results.value.impossible"]
