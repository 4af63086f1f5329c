"""A monitor is told rows by fate and how things stand, with few tags and no value."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from airflow.sdk.observability import stats

from include.basics.settings import Settings
from include.running.cli.run import run_steps
from include.running.nightly.metrics import count_received, tell_gauges
from tests.support.extracts import row, send
from tests.support.warehouses import Templates

DAY = "2020-01-01"
LABORATORY = {"site": "none", "feed": "results"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """What the monitor was told."""
    monitor = Mock()
    for how in ("incr", "gauge"):
        monkeypatch.setattr(stats, how, getattr(monitor, how))
    return monitor


def of(calls: Any, name: str, tags: dict[str, str]) -> list[float]:
    """The values told under a name with these tags."""
    return [call.args[1] for call in calls if (call.args[0], call.kwargs["tags"]) == (name, tags)]


def test_rows_are_counted_by_fate_and_what_waits_is_told(
    told: Mock, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.of(str(tmp_path / "extracts"), templates.duckdb(tmp_path / "registry.duckdb"))
    send(tmp_path / "extracts", "patients", DAY, [row("patients", "P1")])
    send(tmp_path / "extracts", "results", DAY, [row("results", "L1"), row("results", "L2", value="90000")])
    count_received(run_steps(settings).loads)
    counted = told.incr.call_args_list
    assert of(counted, "registry.rows", {**LABORATORY, "fate": "loaded"}) == [1]
    assert of(counted, "registry.rows", {**LABORATORY, "fate": "quarantined"}) == [1]
    assert of(counted, "registry.files", {**LABORATORY, "state": "loaded"}) == [1]

    tell_gauges(settings)
    told.gauge.assert_not_called()
    monkeypatch.setenv("AIRFLOW__METRICS__OTEL_ON", "True")
    tell_gauges(settings)
    stand = told.gauge.call_args_list
    assert of(stand, "registry.quarantine_open", LABORATORY) == [1]
    assert of(stand, "registry.files_held", LABORATORY) == [0]
    assert of(stand, "registry.freshness_hours", {"site": "none", "source": "laboratory"})[0] > 24 * 365
    assert 0 <= of(stand, "registry.marts_age_hours", {})[0] < 1
    tags = {name for call in (*counted, *stand) for name in call.kwargs["tags"]}
    assert tags == {"site", "feed", "source", "state", "fate"}
