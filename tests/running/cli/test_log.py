"""`./registry --log json`: each line on standard error is an object: a step, a file or an error, and never a cell."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from include.basics.settings import ROOT, Settings
from tests.support.extracts import row, send
from tests.support.warehouses import Templates


def logged(settings: Settings, **environment: str) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the lines on standard error of a run."""
    places = ("--extracts", settings.extracts, "--warehouse", settings.warehouse, "--landing", settings.landing)
    command = [sys.executable, "-m", "include.running.cli", "run", *places]
    said = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert "PATIENT-77" not in said.stderr
    return said.returncode, [json.loads(line) for line in said.stderr.splitlines()]


def test_a_run_tells_its_steps_its_files_and_what_went_wrong(templates: Templates, tmp_path: Path) -> None:
    extracts = tmp_path / "extracts"
    settings = Settings(str(extracts), templates.duckdb(tmp_path / "registry.duckdb"), str(tmp_path / "landing"))
    send(extracts, "patients", "2020-01-01", [row("patients", "PATIENT-77")])
    code, lines = logged(settings, LOG_FORMAT="json")
    assert code == 0
    assert [line["step"] for line in lines if "seconds" in line] == ["pull", "load", "derive", "refresh"]
    (file,) = [line for line in lines if "load_id" in line]
    assert (file["level"], file["feed"], file["state"]) == ("info", "patients", "loaded")
    assert all(datetime.fromisoformat(str(line["time"])).tzinfo for line in lines)

    gone = Settings(str(tmp_path / "none"), settings.warehouse, settings.landing)
    code, (*_, last) = logged(gone, LOG_FORMAT="json")
    assert (code, last["level"], last["code"]) == (1, "error", "REG-101")
