"""The deadline of a department is missed: the alert asks before it tells."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.running.nightly import late
from tests.support.extracts import row
from tests.support.registry import opened
from tests.support.warehouses import Templates

LATE = "is late: see the task `arrived`."
OLD, TODAY = "2020-01-02", datetime.now(UTC).date().isoformat()


def told(caplog: pytest.LogCaptureFixture, source: str = "laboratory") -> list[tuple[str, str]]:
    """Level and text of what is logged when the deadline of the source is missed."""
    caplog.set_level(logging.INFO, "registry")
    caplog.clear()
    asyncio.run(late.tell_late(source))
    return [(one.levelname, one.getMessage()) for one in caplog.records if one.name == "registry"]


@pytest.mark.parametrize(("night", "level", "text"), [(OLD, "WARNING", LATE), (TODAY, "INFO", "is not late.")])
def test_only_who_is_late_still_is_told(
    templates: Templates,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    night: str,
    level: str,
    text: str,
) -> None:
    with opened(templates.duckdb(tmp_path / "registry.duckdb"), tmp_path) as registry:
        registry.send("results", night, row("results"))
        registry.load()
        registry.warehouse.run("UPDATE received.file SET received_at = batch_date")
        monkeypatch.setenv("WAREHOUSE", registry.settings.warehouse)

    assert told(caplog) == [(level, f"The department laboratory {text}")]


def test_a_question_that_nobody_answers_is_an_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WAREHOUSE", f"duckdb:///{tmp_path / 'none.duckdb'}")
    refused = told(caplog)
    monkeypatch.setattr(late, "ASKING_SECONDS", 0.01)
    monkeypatch.setattr(late, "_is_late", lambda source: time.sleep(0.1))
    silent = told(caplog)

    asked = "Nobody can ask whether the department laboratory is late ({}): see the task `arrived`."
    assert refused == [("WARNING", asked.format("REG-102"))]
    assert silent == [("WARNING", asked.format("TimeoutError"))]
