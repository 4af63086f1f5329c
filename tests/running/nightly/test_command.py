"""`python -m include.running.nightly` as a user starts it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from include.basics.settings import ROOT, Settings
from include.running.cli.run import run_steps
from include.study.sample import NIGHTS
from tests.support.extracts import row, send
from tests.support.warehouses import Templates


@pytest.fixture
def settings(tmp_path: Path, templates: Templates) -> Settings:
    """A registry of its own with a file waiting."""
    send(tmp_path / "extracts", "patients", str(NIGHTS[0]), [row("patients")])
    return Settings.of(str(tmp_path / "extracts"), templates.duckdb(tmp_path / "registry.duckdb"))


def start(settings: Settings, home: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    own = {"NIGHTLY_HOME": str(home), "EXTRACTS": settings.extracts, "WAREHOUSE": settings.warehouse}
    return subprocess.Popen(
        [sys.executable, "-m", "include.running.nightly", *arguments],
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_nothing_new_ends_at_once(settings: Settings, tmp_path: Path) -> None:
    run_steps(settings)

    process = start(settings, tmp_path / "home")
    output, _ = process.communicate()

    assert process.returncode == 0, output
    assert "Nothing is new" in output
    assert settings.warehouse in output
    assert "Starting Airflow" not in output


def test_wrong_usage(settings: Settings, tmp_path: Path) -> None:
    process = start(settings, tmp_path / "home", "sometimes")

    assert "usage" in process.communicate()[0]
    assert process.returncode == 2


def test_an_extracts_folder_that_is_not_there_is_an_error_with_a_code(settings: Settings, tmp_path: Path) -> None:
    missing = Settings.of(str(tmp_path / "nowhere"), settings.warehouse)
    process = start(missing, tmp_path / "home")

    assert "REG-101" in process.communicate()[0]
    assert process.returncode == 1


@pytest.mark.scheduler
def test_an_interrupted_run_leaves_no_process(settings: Settings, tmp_path: Path) -> None:
    process = start(settings, tmp_path / "home")
    while not (tmp_path / "home" / "logs" / "scheduler.log").exists():
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(2)

    process.send_signal(signal.SIGINT)
    output, _ = process.communicate()

    assert process.returncode == 130, output
    assert "Interrupted" in output
    needle = f"AIRFLOW_HOME={tmp_path / 'home'}".encode()
    assert not [entry for entry in Path("/proc").glob("[0-9]*") if needle in environment_of(entry)]


def environment_of(process: Path) -> bytes:
    """The environment of a process; empty when it is gone."""
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""
