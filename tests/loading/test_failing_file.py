"""A file that fails unexpectedly stays as received, with a code and no text of its own; the others load."""

import importlib
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from include.cli.run import run_steps
from include.errors import RegistryError
from tests.support.extracts import row
from tests.support.registry import Registry

DAY = "2020-01-01"
SECRET = "Q7-secret"
ERRORS = {
    "REG-203": RegistryError("REG-203", "The landed copy of a file cannot be read."),
    "REG-106 (ValueError)": sa.exc.DataError(f"SELECT '{SECRET}'", None, ValueError(SECRET)),
    "REG-106 (DataError)": psycopg.DataError(SECRET),
    "REG-305 (MemoryError)": MemoryError(SECRET),
}


@pytest.mark.parametrize("code", ERRORS)
def test_it_is_told_by_a_code_and_tried_again(
    duckdb_registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    registry = duckdb_registry
    registry.send("patients", DAY, row("patients"))
    registry.send("visits", DAY, row("visits", "V1"))
    registry.send("exams", DAY, row("exams", "E1"))
    registry.warehouse.connection.close()
    registry.warehouse.engine.dispose()
    loading = importlib.import_module("include.loading.load")
    stage = loading.stage

    def fail(warehouse: Any, feed: str, file: Path) -> Any:
        if feed == "visits":
            raise ERRORS[code]
        return stage(warehouse, feed, file)

    monkeypatch.setattr(loading, "stage", fail)
    report = run_steps(registry.settings)
    assert list(report.failed.values()) == [code]
    assert sorted(load.feed for load in report.loads) == ["exams", "patients"]
    assert SECRET not in str(report)
    monkeypatch.undo()
    again = run_steps(registry.settings)
    assert [(load.feed, load.state, load.loaded) for load in again.loads] == [("visits", "loaded", 1)]
