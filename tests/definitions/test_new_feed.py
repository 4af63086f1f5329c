"""A feed that the platform has never heard of: its contract."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import duckdb
import pytest

from include.basics.settings import ROOT
from tests.support.extracts import row, send

CONTRACT = """
description: One biopsy of the liver.
source: pathology
row: biopsy
key: biopsy_id
event_date: taken_on
same_event: [patient_id, taken_on]
rules: {owner: registry office, since: "0.2", context: verification}
key_items: {}
columns:
  biopsy_id: {type: text, required: true, description: "key of the row, for ever"}
  patient_id: {type: text, required: true, description: "the registry's pseudonym of the patient"}
  taken_on: {type: date, required: true, lifespan: {before_birth: critical}, description: "taken on"}
  cores: {type: integer, between: [1, 20], called: number of cores, description: "number of cores"}
  status: {type: text, required: true, values: [final, corrected, cancelled], description: "state of the row"}
"""
ROWS = """biopsy_id,patient_id,taken_on,cores,status
B1,P1,2012-01-01,3,final
B2,P1,2012-01-02,99,final
B3,P1,1912-01-02,2,final
B3,P1,1912-01-02,2,final
"""


def test_a_contract_makes_a_feed(tmp_path: Path) -> None:
    add_feed(tmp_path, "biopsies")
    extracts = tmp_path / "extracts"
    send(extracts, "patients", "2020-01-01", [row("patients")])
    folder = extracts / "pathology" / "biopsies" / "2020-01-01"
    folder.mkdir(parents=True)
    (folder / "biopsies.csv").write_text(ROWS)
    places = ["--extracts", str(extracts), "--warehouse", f"duckdb:///{tmp_path}/w.duckdb"]

    ended = registry(tmp_path, "run", *places)

    assert ended.returncode == 0
    with duckdb.connect(str(tmp_path / "w.duckdb"), read_only=True) as warehouse:
        current = "SELECT biopsy_id, cores FROM clinical.current_biopsies ORDER BY biopsy_id"
        assert warehouse.execute(current).fetchall() == [("B1", 3), ("B2", None)]
        failed = "SELECT DISTINCT rule_id FROM quarantine.failure WHERE feed = 'biopsies' ORDER BY rule_id"
        rules = ["biopsy_id.repeated", "cores.impossible", "taken_on.before_birth"]
        assert warehouse.execute(failed).fetchall() == [(f"biopsies.{rule}",) for rule in rules]


def test_a_contract_alone_is_right(tmp_path: Path) -> None:
    add_feed(tmp_path, "biopsies")

    ended = registry(tmp_path, "check")

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(("right", "typo"), [("type: integer", "type: intger"), ('since: "0.2", ', "")])
def test_a_mistake_in_a_contract_alone_is_told_once(tmp_path: Path, right: str, typo: str) -> None:
    contract = add_feed(tmp_path, "biopsies")
    assert right in CONTRACT
    contract.write_text(CONTRACT.replace(right, typo))

    ended = registry(tmp_path, "check")

    assert (ended.returncode, (ended.stdout + ended.stderr).count("[REG-401]")) == (1, 1)
    assert "contracts/biopsies.yml" in ended.stdout + ended.stderr


def test_a_suite_that_its_contract_says_is_not_saved(tmp_path: Path) -> None:
    add_feed(tmp_path, "biopsies")
    saving = "from include.definitions.expectations import editing as e; e.save_suite(e.open_suite('biopsies'))"

    ended = python(tmp_path, "-c", saving)

    assert "`rules` of the contract" in ended.stderr
    assert not (tmp_path / "include" / "expectations" / "biopsies.yml").exists()


@pytest.mark.parametrize("command", [("check",), ("run", "--extracts", "none", "--warehouse", "duckdb:///w.duckdb")])
def test_a_feed_with_the_name_of_a_table_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    add_feed(tmp_path, "measurement")
    (tmp_path / "none").mkdir()

    ended = registry(tmp_path, *command)

    assert "measurement.yml" in ended.stderr + ended.stdout
    assert "has the name of a table" in ended.stderr + ended.stdout
    assert "REG-401" in ended.stderr + ended.stdout


def add_feed(folder: Path, feed: str) -> Path:
    """A copy of the platform with a further feed, and its contract."""
    copytree(ROOT / "include", folder / "include", ignore=ignore_patterns("__pycache__"))
    contract = folder / "include" / "contracts" / f"{feed}.yml"
    contract.write_text(CONTRACT)
    return contract


def registry(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """What the command line of such a copy says."""
    return python(folder, "-m", "include.running.cli", *command)


def python(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """What Python says in such a copy."""
    return subprocess.run(
        [sys.executable, *given],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
