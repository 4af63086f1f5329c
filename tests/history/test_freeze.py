"""A freeze is what a warehouse with the extracts up to that day has; it is written once, and checked by its hashes."""

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history.freeze import freeze, verify_freeze
from include.pipeline.marts import publish
from include.running.cli.commands import main
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from include.warehouse.tables import manifest
from tests.history.conftest import DAY_2, copied_registry
from tests.support.warehouses import Templates


def marts(folder: Path) -> dict[str, bytes]:
    """The files of a freeze."""
    return {file.name: file.read_bytes() for file in (folder / "marts").iterdir()}


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Path:
    """A freeze of the registry on DuckDB."""
    folder = tmp_path_factory.mktemp("frozen")
    return freeze(copied_registry(folder, templates), "kept", None, folder / "freezes")


def test_a_freeze_of_a_day_is_that_of_a_warehouse_with_the_extracts_up_to_it(
    duckdb_settings: Settings, frozen: Path, tmp_path: Path, templates: Templates
) -> None:
    early = Settings.of(duckdb_settings.extracts, templates.duckdb(tmp_path / "early.duckdb"))
    run_steps(early, date.fromisoformat(DAY_2))
    past = freeze(duckdb_settings, "past", date.fromisoformat(DAY_2), tmp_path / "freezes")
    then = freeze(early, "then", None, tmp_path / "freezes")
    assert marts(past) == marts(then)
    assert marts(past) != marts(frozen)
    assert marts(past).keys() == {f"{name}.parquet" for name in manifest("marts")}


def test_the_same_facts_give_the_same_bytes_on_each_engine(settings: Settings, frozen: Path, tmp_path: Path) -> None:
    assert marts(freeze(settings, "again", None, tmp_path / "freezes")) == marts(frozen)


def test_what_is_published_has_the_bytes_of_a_freeze(
    settings: Settings, frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARTS", str(tmp_path / "published"))
    with open_warehouse(settings.warehouse) as warehouse:
        publish(warehouse)
    published = {file.name: file.read_bytes() for file in (tmp_path / "published").glob("*.parquet")}
    assert published == {name: content for name, content in marts(frozen).items() if name != "patient_outcome.parquet"}


def test_its_manifest_says_what_it_is_made_of(frozen: Path) -> None:
    told = json.loads((frozen / "manifest.json").read_text())
    assert (told["name"], told["as_of"], told["data_cutoff_date"]) == ("kept", None, "2020-01-03")
    assert [(one["decision_id"], one["kind"]) for one in told["decisions"]] == [(1, "override"), (2, "reject")]
    assert len(told["files"]) == 9
    assert {len(told[name]) for name in ("schema_version", "code_version", "rules_version", "sha256")} == {64}
    rows = duckdb.sql(f"SELECT COUNT(*) FROM '{frozen}/marts/patient_outcome.parquet'").fetchone()
    assert rows == (told["tables"]["patient_outcome"]["rows"],)


def test_nobody_writes_to_it_again_and_a_change_is_found(
    duckdb_settings: Settings, frozen: Path, tmp_path: Path
) -> None:
    assert {file.stat().st_mode & 0o222 for file in frozen.rglob("*.*")} == {0}
    folder = shutil.copytree(frozen, tmp_path / "kept")
    with pytest.raises(RegistryError) as raised:
        freeze(duckdb_settings, "kept", None, tmp_path)
    assert raised.value.code == "REG-802"
    assert verify_freeze("kept", tmp_path).wrong == ()
    file = folder / "marts" / "toxicity.parquet"
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b" ")
    assert verify_freeze("kept", tmp_path).wrong == ("toxicity.parquet",)


def test_the_commands(duckdb_settings: Settings, tmp_path: Path) -> None:
    def run(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--out", str(tmp_path / "freezes")])

    written = run("freeze", "study", "--as-of", DAY_2, "--warehouse", duckdb_settings.warehouse)
    assert written.exit_code == 0, written.output
    assert run("freeze", "list").stdout == f"study: as of {DAY_2}, data to {DAY_2}, {len(manifest('marts'))} marts\n"
    assert run("freeze", "verify", "study").exit_code == 0
    assert run("freeze", "verify", "other").exit_code == 1
    assert run("freeze", "../out", "--warehouse", duckdb_settings.warehouse).stderr.startswith("REG-802")
    shutil.rmtree(tmp_path / "freezes" / "study" / "marts", ignore_errors=True)


def test_a_past_day_is_shown(duckdb_settings: Settings) -> None:
    def values(*more: str) -> list[str]:
        asked = ["show", "clinical.current_results", "--where", "result_id = 'L4'", "--csv", *more]
        return CliRunner().invoke(main, [*asked, "--warehouse", duckdb_settings.warehouse]).stdout.splitlines()[1:]

    assert len(values()) == 1
    assert values("--as-of", DAY_2) == []
    too_early = ["paper", "--as-of", "2019-12-31", "--warehouse", duckdb_settings.warehouse]
    assert CliRunner().invoke(main, too_early).stderr.startswith("REG-107")
