"""Watches the extracts for new files, so that Airflow loads them when they arrive and not only at night.

The triggerer runs one scan for all sources. An event says "there is something new of this source" and no more:
which files are new is for the ledger to say. So nothing has to be remembered here; after a restart each source
that has files wakes its DAG once, which finds nothing to do.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Hashable
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

log = logging.getLogger(__name__)

Scan = dict[str, frozenset[str]]
"""For each source its files: path and a mark that changes with the content."""


class ArrivalTrigger(BaseEventTrigger):
    """Fires when the files of a source have changed and have then stayed the same for one scan.

    Waiting one scan keeps it from waking a DAG for a file that is still being written.
    """

    def __init__(self, source: str, seconds: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.source = source
        self.seconds = seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Class path and arguments, as the triggerer makes it again."""
        return "plugins.arrival.ArrivalTrigger", {"source": self.source, "seconds": self.seconds}

    def shared_stream_key(self) -> Hashable:
        """All sources share one scan."""
        return "extracts", self.seconds

    @classmethod
    async def open_shared_stream(cls, kwargs: dict[str, Any]) -> AsyncIterator[Scan]:
        """Scan the extracts every `seconds`; a scan that fails is logged, and the next one may succeed."""
        while True:
            try:
                yield await asyncio.to_thread(_scan)
            except Exception as error:
                log.warning("The extracts cannot be scanned: %s", error)
            await asyncio.sleep(kwargs["seconds"])

    async def filter_shared_stream(self, shared_stream: AsyncIterator[Scan]) -> AsyncIterator[TriggerEvent]:
        """An event each time that the source's files are new and settled."""
        told = before = frozenset[str]()
        async for scan in shared_stream:
            files = scan.get(self.source, frozenset())
            if files == before and files != told:
                told = files
                yield TriggerEvent({"source": self.source, "files": len(files)})  # type: ignore[no-untyped-call]
            before = files

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """The same with a scan of its own."""
        async for event in self.filter_shared_stream(self.open_shared_stream(self.serialize()[1])):
            yield event


def _scan() -> Scan:
    from include.basics.settings import Settings
    from include.definitions.sites import read_sites
    from include.pipeline.landing.not_pulled import source_of
    from include.pipeline.landing.places import place

    found: dict[str, set[str]] = {}
    sites = read_sites()
    for item in place(Settings.from_environment().extracts).list():
        found.setdefault(source_of(item.path, sites) or "", set()).add(f"{item.path} {item.mark}")
    return {source: frozenset(files) for source, files in found.items()}
