"""Old logs and reports go, everything else stays."""

import os
import time
from pathlib import Path

import pytest

from include.basics.settings import Settings
from include.running.cleaning import DAY, clean

OLD = [
    "logs/dag_id=derive/run_id=1/attempt=1.log",
    "logs/scheduler.log.3",
    "reports/validation-2026-01-01.html",
    "landing/clinic/a.csv.part",
]
KEPT = [
    "landing/clinic/a.csv",
    "landing/clinic/a.ledger.json",
    "landing/decisions/000000000001.json",
    "logs/airflow.cfg",
    "reports/data_docs/index.html",
    "reports/registry.duckdb",
]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a registry whose logs and reports are in the test's folder."""
    monkeypatch.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(tmp_path / "logs"))
    monkeypatch.setenv("REPORTS", str(tmp_path / "reports"))
    return Settings(str(tmp_path / "extracts"), "duckdb:///:memory:", str(tmp_path / "landing"))


def made(folder: Path, days: float, *names: str) -> None:
    """Files of an age, each with a word in it."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
        os.utime(file, (time.time() - days * DAY,) * 2)


def files(folder: Path) -> list[str]:
    """All files below a folder."""
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_what_is_old_goes_and_facts_stay(settings: Settings, tmp_path: Path) -> None:
    made(tmp_path, 91, *OLD, *KEPT)
    made(tmp_path, 89, "logs/new.log", "reports/validation-2026-02-01.csv")
    before = files(tmp_path)
    listed = clean(settings, 90, dry_run=True)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in listed) == sorted(OLD)
    assert files(tmp_path) == before

    assert sorted(clean(settings, 90)) == sorted(listed)
    assert files(tmp_path) == sorted([*KEPT, "logs/new.log", "reports/validation-2026-02-01.csv"])
    assert clean(settings, 90) == []


def test_an_empty_folder_of_logs_goes_when_it_is_old(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "logs" / "run_id=1"
    folder.mkdir(parents=True)
    assert clean(settings, 90) == []
    os.utime(folder, (0, 0))
    clean(settings, 90)
    assert not folder.exists()
