"""New files wake the DAG of their source by themselves: the watcher alone, and in a real triggerer."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from include.nightly.__main__ import SERVE
from include.nightly.home import EVENTS_ONLY, Home
from include.nightly.session import session
from include.settings import Settings
from include.study import NIGHTS, write_night
from include.warehouse import open_warehouse, prepare
from plugins.arrival import ArrivalTrigger, Scan


def events(*scans: set[str]) -> list[int]:
    """For each event of the laboratory's trigger: how many scans it had seen."""
    seen = 0

    async def stream() -> AsyncIterator[Scan]:
        nonlocal seen
        for files in scans:
            seen += 1
            yield {"laboratory": frozenset(files), "clinic": frozenset({str(seen)})}

    async def listen() -> list[int]:
        return [seen async for _ in ArrivalTrigger("laboratory", 1).filter_shared_stream(stream())]

    return asyncio.run(listen())


def test_a_settled_file_is_told_once() -> None:
    assert events({"a 1"}, {"a 1"}, {"a 1"}, {"a 1"}) == [2]


def test_a_file_that_still_grows_is_not_told() -> None:
    assert events({"a 1"}, {"a 2"}, {"a 3"}, {"a 3"}) == [4]


def test_a_replaced_file_is_told_again() -> None:
    assert events({"a 1"}, {"a 1"}, {"a 2"}, {"a 2"}) == [2, 4]


def test_no_files_are_no_news() -> None:
    assert events(set(), set(), set()) == []


@pytest.mark.scheduler
@pytest.mark.timeout(600)
def test_a_file_that_arrives_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_clock = {**EVENTS_ONLY, "ARRIVAL_SECONDS": "1", "NIGHTLY_HOME": str(tmp_path / "airflow")}
    for name, value in without_clock.items():
        monkeypatch.setenv(name, value)
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    settings = Settings.of(str(extracts), f"duckdb:///{tmp_path / 'registry.duckdb'}")
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)

    with session(settings, Home.prepare(), *SERVE, clock=True):
        write_night(tmp_path / "written", NIGHTS[0])
        (tmp_path / "written" / "pathology").rename(extracts / "pathology")
        deadline = time.monotonic() + 120
        while not loaded(settings) and time.monotonic() < deadline:
            time.sleep(1)

    assert loaded(settings) == ["reports"]


def loaded(settings: Settings) -> list[str]:
    """Feeds of the loads that are in the record."""
    with open_warehouse(settings.warehouse) as warehouse:
        return [row.feed for row in warehouse.run("SELECT feed FROM ops.load WHERE state = 'loaded'")]
