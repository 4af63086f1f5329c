"""The warehouse is brought in step with the files of the version in use, and left alone when it is."""

from datetime import datetime
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from include import expectations
from include.marts import refresh_stale
from include.warehouse import catalogue, prepare
from tests.support.extracts import row
from tests.support.registry import Registry
from tests.support.tables import assert_same, contents


def test_files_that_changed_make_derived_tables_anew_and_keep_the_record(registry: Registry) -> None:
    registry.send("patients", "2020-01-01", row("patients"))
    registry.send("results", "2020-01-01", row("results"))
    registry.finish()
    before = contents(registry.warehouse)
    registry.warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
    prepare(registry.warehouse)
    assert registry.rows("SELECT patient_id FROM ops.touched_patient") == [("P1",)]
    registry.finish()
    assert_same(contents(registry.warehouse), before)


def test_the_day_from_which_a_threshold_holds_makes_the_marts_stale_once(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suites = copytree(expectations.FOLDER, tmp_path / "expectations", ignore=ignore_patterns("*.py", "__pycache__"))
    with (suites / "thresholds.csv").open("a", encoding="utf-8") as file:
        file.write("late.warning,failing_warning,,,,7,%,20,2099-01-02,registry office,Stricter from then on\n")
    monkeypatch.setattr(expectations, "FOLDER", suites)

    stale = []
    for day in (1, 2, 3):
        monkeypatch.setattr(catalogue, "utc_now", lambda day=day: datetime(2099, 1, day, 4))
        prepare(registry.warehouse)
        stale.append(registry.warehouse.marts_are_stale())
        refresh_stale(registry.warehouse)
    assert stale == [True, True, False]
