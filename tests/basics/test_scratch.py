"""Copies of extracts are made in a private place; those of a process that was killed are removed by the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from include.basics.scratch import _folder_of
from include.basics.settings import ROOT
from tests.support.extracts import as_csv, path_of, put, row
from tests.support.warehouses import Templates

NIGHT = "2020-01-01"
KILLED = """
import importlib, os, signal, sys
from include.running.cli.run import run_steps
from include.basics.settings import Settings

module = importlib.import_module(sys.argv[1])
original = getattr(module, sys.argv[2])

def die(*given):
    if sys.argv[2] != "copy_csv":
        original(*given)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, sys.argv[2], die)
run_steps(Settings(*sys.argv[3:]))
"""


def send(extracts: Path, name: str) -> None:
    """A file with a line that is no row, or a Parquet file."""
    content = as_csv([row("patients")], tuple(row("patients"))) + b'"open\r\n'
    file = put(extracts, "patients", NIGHT, content, name)
    if name.endswith(".parquet"):
        file.unlink()
        with duckdb.connect() as connection:
            connection.execute(f"COPY (SELECT 'P1' AS patient_id) TO '{file}' (FORMAT parquet)")
    assert file.relative_to(extracts).as_posix() == path_of("patients", NIGHT, name)


@pytest.mark.parametrize(
    ("engine", "module", "function", "name"),
    [
        ("duckdb", "include.pipeline.landing.land", "hash_of", "a.csv"),
        ("duckdb", "include.pipeline.staging.rows", "salvage", "a.csv"),
        ("duckdb", "include.pipeline.staging.stage", "copy_as_text", "a.parquet"),
        ("postgresql", "include.pipeline.staging.copying", "copy_csv", "a.csv"),
    ],
)
def test_a_killed_process_leaves_nothing_that_the_next_one_does_not_remove(
    tmp_path: Path,
    templates: Templates,
    request: pytest.FixtureRequest,
    engine: str,
    module: str,
    function: str,
    name: str,
) -> None:
    data, temporary, scratch = (tmp_path / part for part in ("data", "temporary", "scratch"))
    data.mkdir()
    temporary.mkdir()
    send(tmp_path / "extracts", name)
    is_duckdb = engine == "duckdb"
    url = (
        templates.duckdb(data / "registry.duckdb")
        if is_duckdb
        else templates.postgresql(request.getfixturevalue("postgres_server"))
    )
    environment = {**os.environ, "TMPDIR": str(temporary), "SCRATCH": str(scratch)}
    killed = [sys.executable, "-c", KILLED, module, function, str(tmp_path / "extracts"), url, str(data / "landing")]
    assert subprocess.run(killed, env=environment, cwd=ROOT, check=False).returncode == -signal.SIGKILL

    left = [file for file in scratch.rglob("*") if file.is_file() and file.name != "lock"]
    assert left
    assert {folder.stat().st_mode & 0o777 for folder in (scratch, *scratch.iterdir()) if folder.is_dir()} == {0o700}
    assert [file for file in data.rglob("*") if file.stat().st_mode & 0o007] == []
    assert list(temporary.iterdir()) == []

    following = [sys.executable, "-m", "include.running.cli", "quarantine", "replay", "--warehouse", url]
    subprocess.run(following, env=environment, cwd=ROOT, check=True, capture_output=True)
    assert [file for file in left if file.exists()] == []
    assert list(temporary.iterdir()) == []


def test_a_living_process_keeps_its_folder(tmp_path: Path) -> None:
    abandoned = tmp_path / "process-9-abandoned"
    abandoned.mkdir()
    folders = [_folder_of(number, tmp_path) for number in (1, 2)]
    assert all(folder.is_dir() for folder in folders)
    assert not abandoned.exists()
