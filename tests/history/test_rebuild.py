"""From the landed files and the journal of decisions alone a new warehouse gets the same record, fates and marts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from include.cli.run import run_steps
from include.decisions import reject_file, release_file
from include.errors import RegistryError
from include.history import verify
from include.history.journal import write_journal
from include.history.rebuild import rebuild
from include.settings import Settings
from include.warehouse import open_warehouse
from tests.history.conftest import DAY_1, DAY_3
from tests.support.extracts import row, send
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates, new_database

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
    if settings.warehouse.startswith("duckdb"):
        return replace(settings, warehouse=templates.duckdb(tmp_path / "new.duckdb"))
    return replace(settings, warehouse=new_database(request.getfixturevalue("postgres_server")))


def told(settings: Settings) -> tuple[object, ...]:
    """Ledger, quarantine and tables."""
    with open_warehouse(settings.warehouse) as warehouse:
        ledger, records = (warehouse.run(asked).tuples().all() for asked in (LEDGER, RECORDS))
        return ledger, records, contents(warehouse)


def test_the_new_warehouse_is_the_old_one(settings: Settings, new: Settings) -> None:
    send(Path(settings.extracts), "results", DAY_1, [row("results", "L1", value="31")])
    run_steps(settings)
    report = rebuild(new)
    assert (report.files, report.decisions, report.failed) == (10, 2, {})
    expected, got = told(settings), told(new)
    assert got[:2] == expected[:2]
    assert_same(got[2], expected[2])  # type: ignore[arg-type]
    assert verify(new) == []


def test_a_file_that_was_released_before_another_content_came_is_in_the_new_one(
    settings: Settings, new: Settings
) -> None:
    extracts = Path(settings.extracts)
    bad = [row("results", f"Z{n}", value="haemolysed" if n < 9 else "30") for n in range(30)]
    send(extracts, "results", DAY_3, bad, "z.csv")
    send(extracts, "results", DAY_3, bad[:20], "refused.csv")
    held = {report.received: report.load_id for report in run_steps(settings).loads}
    with open_warehouse(settings.warehouse) as warehouse:
        release_file(warehouse, held[30], "mg", "it is right")
        reject_file(warehouse, held[20], "mg", "it is wrong")
        write_journal(warehouse, settings)
    send(extracts, "results", DAY_3, [row("results", "Z0")], "z.csv")
    run_steps(settings)
    rebuild(new)
    assert told(new)[:2] == told(settings)[:2]


def test_a_landed_file_without_its_entry_is_told(settings: Settings, new: Settings) -> None:
    next(Path(settings.landing).rglob("*.ledger.json")).unlink()
    with pytest.raises(RegistryError) as raised:
        rebuild(new)
    assert raised.value.code == "REG-805"


def test_a_journal_of_another_warehouse_is_not_gone_on_with(settings: Settings) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.run("DELETE FROM decision.event WHERE decision_id = 2")
        warehouse.run("DELETE FROM decision.subject WHERE decision_id = 2")
        with pytest.raises(RegistryError) as raised:
            write_journal(warehouse, settings)
    assert raised.value.code == "REG-608"


def test_the_next_night_goes_on_from_it(settings: Settings, new: Settings) -> None:
    rebuild(new)
    for one in (settings, new):
        send(Path(one.extracts), "results", DAY_3, [row("results", "L9")], "late.csv")
        report = run_steps(one)
        assert [load.loaded for load in report.loads] == [1]
    assert told(new)[:2] == told(settings)[:2]


def test_a_warehouse_with_files_is_left_alone(settings: Settings) -> None:
    with pytest.raises(RegistryError) as raised:
        rebuild(settings)
    assert raised.value.code == "REG-804"


def test_a_journal_that_lacks_a_decision_is_refused(settings: Settings, new: Settings) -> None:
    first = min((Path(settings.landing) / "decisions").iterdir())
    first.unlink()
    with pytest.raises(RegistryError) as raised:
        rebuild(new)
    assert raised.value.code == "REG-608"


def test_each_decision_names_the_one_before_by_its_hash(settings: Settings) -> None:
    first, second = (json.loads(file.read_bytes()) for file in sorted((Path(settings.landing) / "decisions").iterdir()))
    assert first["previous"] == ""
    assert len(second["previous"]) == 64
    assert [subject["rule_id"] for subject in first["subjects"] if "rule_id" in subject] == ["results.value.impossible"]
