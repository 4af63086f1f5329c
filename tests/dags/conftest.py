"""The DAG files as Airflow sees them, described once by an interpreter of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from include.basics.settings import ROOT

DESCRIBE = Path(__file__).with_name("describe.py")


def describe(home: Path, project: Path = ROOT, **environment: str) -> dict[str, Any]:
    """What describe.py prints of a project, with these environment variables besides an Airflow home of its own."""
    own = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONPATH": str(project),
    }
    finished = subprocess.run(
        [sys.executable, str(DESCRIBE), str(project / "dags")],
        env={**os.environ, **own, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    described: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return described


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Files, import errors and DAGs."""
    return describe(tmp_path_factory.mktemp("airflow"))


@pytest.fixture(scope="session")
def dags(found: dict[str, Any]) -> dict[str, Any]:
    """Every DAG by its id."""
    return dict(found["dags"])
