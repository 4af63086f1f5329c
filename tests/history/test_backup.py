"""A backup fills an empty server with what was received and decided; what came since is pulled again."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history import verify
from include.history.backup import backup, check_backup, restore
from include.history.journal import check_journal
from include.people.decisions import Selection, override_records
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from tests.history.conftest import DAY_3
from tests.history.test_rebuild import told
from tests.support.extracts import row, send
from tests.support.tables import assert_same
from tests.support.warehouses import Templates


@pytest.fixture
def new(settings: Settings, tmp_path: Path, templates: Templates, request: pytest.FixtureRequest) -> Settings:
    """An empty server: a new warehouse of the same engine, and a landing area that is not there yet."""
    server = None if settings.warehouse.startswith("duckdb") else request.getfixturevalue("postgres_server")
    warehouse = templates.new(tmp_path / "new.duckdb", server)
    return replace(settings, warehouse=warehouse, landing=str(tmp_path / "new.landing"))


@pytest.fixture
def new_duckdb(duckdb_settings: Settings, tmp_path: Path, templates: Templates) -> Settings:
    """The same on DuckDB."""
    warehouse = templates.duckdb(tmp_path / "new.duckdb")
    return replace(duckdb_settings, warehouse=warehouse, landing=str(tmp_path / "new.landing"))


def code_of(action: object, *arguments: object) -> tuple[str, str]:
    """The code of the error that an action ends with, and what it says."""
    with pytest.raises(RegistryError) as raised:
        action(*arguments)  # type: ignore[operator]
    return raised.value.code, raised.value.what


def test_an_empty_server_has_all_again_and_the_next_night_brings_what_came_since(
    settings: Settings, new: Settings, tmp_path: Path
) -> None:
    report = backup(settings, tmp_path / "backup")
    assert (report.files, report.decisions, report.copied) == (9, 2, 20)
    send(Path(settings.extracts), "results", DAY_3, [row("results", "L9")], "late.csv")
    run_steps(settings)

    restored = restore(new, tmp_path / "backup")
    assert (restored.files, restored.decisions, restored.failed) == (9, 2, {})
    assert [load.loaded for load in run_steps(new).loads] == [1]
    expected, got = told(settings), told(new)
    assert got[:2] == expected[:2]
    assert_same(got[2], expected[2])  # type: ignore[arg-type]
    assert verify(new) == []
    assert check_journal(new) == []


def test_the_next_backup_adds_what_is_new(duckdb_settings: Settings, new_duckdb: Settings, tmp_path: Path) -> None:
    out = tmp_path / "backup"
    backup(duckdb_settings, out)
    send(Path(duckdb_settings.extracts), "results", DAY_3, [row("results", "L9", value="90000")], "late.csv")
    run_steps(duckdb_settings)
    with open_warehouse(duckdb_settings.warehouse) as warehouse:
        override_records(warehouse, Selection(record_key="L9"), "mg", "as the laboratory says")
    report = backup(duckdb_settings, out)
    assert (report.files, report.decisions, report.copied) == (10, 3, 3)
    restore(new_duckdb, out)
    assert told(new_duckdb)[1] == told(duckdb_settings)[1]


def test_a_damaged_backup_is_refused_by_name_before_anything_is_written(
    duckdb_settings: Settings, new_duckdb: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "backup"
    backup(duckdb_settings, out)
    landed = next((out / "landing").rglob("*.csv"))
    name, content = landed.relative_to(out / "landing").as_posix(), landed.read_bytes()
    for damage in (lambda: landed.write_bytes(content[:-1]), landed.unlink):
        damage()
        code, what = code_of(restore, new_duckdb, out)
        assert (code, name in what) == ("REG-132", True)
    assert code_of(backup, duckdb_settings, out)[0] == "REG-132"
    landed.write_bytes(content)
    check_backup(out)
    manifest = out / "manifest.json"
    manifest.write_text(manifest.read_text().replace("2.json", "3.json"))
    code, what = code_of(restore, new_duckdb, out)
    assert (code, "manifest.json" in what) == ("REG-132", True)
    assert not Path(new_duckdb.landing).exists()


def test_a_damaged_landing_area_is_told_and_the_last_backup_holds(duckdb_settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "backup"
    backup(duckdb_settings, out)
    send(Path(duckdb_settings.extracts), "results", DAY_3, [row("results", "L9")], "late.csv")
    before = set(Path(duckdb_settings.landing).rglob("*.csv"))
    run_steps(duckdb_settings)
    (landed,) = set(Path(duckdb_settings.landing).rglob("*.csv")) - before
    landed.write_bytes(b"other")
    code, what = code_of(backup, duckdb_settings, out)
    assert (code, landed.name in what) == ("REG-131", True)
    assert len(check_backup(out)) == 20
    (sidecar,) = Path(duckdb_settings.landing).rglob(f"{landed.stem}.ledger.json")
    sidecar.unlink()
    code, what = code_of(backup, duckdb_settings, out)
    assert (code, sidecar.name in what) == ("REG-131", True)


def test_a_landing_area_or_a_warehouse_with_files_is_left_alone(
    duckdb_settings: Settings, new_duckdb: Settings, tmp_path: Path
) -> None:
    backup(duckdb_settings, tmp_path / "backup")
    occupied = Path(new_duckdb.landing) / "other.csv"
    occupied.parent.mkdir()
    occupied.touch()
    assert code_of(restore, new_duckdb, tmp_path / "backup")[0] == "REG-133"
    assert code_of(restore, duckdb_settings, tmp_path / "backup")[0] == "REG-804"


def test_an_interrupted_one_goes_on(
    duckdb_settings: Settings, new_duckdb: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(duckdb_settings, tmp_path / "backup")
    with monkeypatch.context() as patch:
        patch.setattr("include.history.rebuild.derive_touched", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            restore(new_duckdb, tmp_path / "backup")
    next(Path(new_duckdb.landing).rglob("*.csv")).unlink()
    assert restore(new_duckdb, tmp_path / "backup").files == 9
    assert told(new_duckdb)[:2] == told(duckdb_settings)[:2]
