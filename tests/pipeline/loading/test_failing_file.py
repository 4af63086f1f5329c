"""Files that fail unexpectedly stay as received, each with a code and no text of its own; the others load."""

import errno
import os
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.pipeline.staging import Stage
from include.running.cli.run import run_steps
from tests.support.extracts import row
from tests.support.registry import Registry

DAY = "2020-01-01"
SECRET = "Q7-secret"
FULL = os.strerror(errno.ENOSPC)
ERRORS = {
    "visits": ("REG-203", RegistryError("REG-203", "The landed copy of a file cannot be read.")),
    "exams": ("REG-106 (ValueError)", sa.exc.DataError(f"SELECT '{SECRET}'", None, ValueError(SECRET))),
    "results": ("REG-106 (DataError)", psycopg.DataError(SECRET)),
    "treatments": ("REG-116 (IOException)", sa.exc.OperationalError(SECRET, None, duckdb.IOException(FULL))),
    "adverse_events": ("REG-116 (OSError)", OSError(errno.ENOSPC, FULL, SECRET)),
    "reports": ("REG-305 (MemoryError)", MemoryError(SECRET)),
}
"""Feed to what its file meets, behind the code that tells it."""


def test_they_are_told_by_codes_and_tried_again(duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = duckdb_registry
    for feed in ("patients", *ERRORS, "procedures"):
        registry.send(feed, DAY, row(feed))
    registry.warehouse.connection.close()
    registry.warehouse.engine.dispose()
    add = Stage.add

    def fail(stage: Stage, number: int, file: Path, *more: Any) -> Any:
        if stage.contract.feed in ERRORS:
            raise ERRORS[stage.contract.feed][1]
        return add(stage, number, file, *more)

    with monkeypatch.context() as failing:
        failing.setattr(Stage, "add", fail)
        report = run_steps(registry.settings)
    assert sorted(report.failed.values()) == sorted(code for code, _ in ERRORS.values())
    assert sorted(load.feed for load in report.loads) == ["patients", "procedures"]
    assert SECRET not in str(report)
    again = run_steps(registry.settings)
    assert sorted((load.feed, load.state, load.loaded) for load in again.loads) == [
        (feed, "loaded", 1) for feed in sorted(ERRORS)
    ]
