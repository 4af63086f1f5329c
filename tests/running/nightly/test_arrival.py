"""New files wake the DAG of their source by themselves: the watcher alone; test_scheduler.py has a real triggerer."""

import asyncio
from collections.abc import AsyncIterator

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
