"""Watches the extracts, or a queue of events, so that Airflow loads files when they arrive and not only at night.

The triggerer runs one scan, and reads one queue, for all sources. An event says "there is something new of this source"
and no more: which files are new is for the ledger to say. So nothing has to be remembered here; after a restart each
source wakes its DAG once, which finds nothing to do.
"""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Hashable
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from include.running.nightly.events import sources_told

log = logging.getLogger(__name__)

PAUSE_SECONDS = 3.0
"""Between two looks at the queue: the messages of a delivery come as few events."""

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


class QueueTrigger(BaseEventTrigger):
    """Fires when S3 has put messages about a source, or such that say nothing of any, on a queue of SQS.

    It fires at its start as well: a message that came to nobody is made up for.
    """

    def __init__(self, source: str, queue: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.source = source
        self.queue_url = queue

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Class path and arguments, as the triggerer makes it again."""
        return "plugins.arrival.QueueTrigger", {"source": self.source, "queue": self.queue_url}

    def shared_stream_key(self) -> Hashable:
        """All sources read the queue together: a message is taken from it once."""
        return "queue", self.queue_url

    @classmethod
    async def open_shared_stream(cls, kwargs: dict[str, Any]) -> AsyncIterator[str]:
        """The text of the messages; a queue that cannot be read is logged, and the next attempt may succeed."""
        from airflow.providers.common.messaging.triggers.msg_queue import MessageQueueTrigger

        while True:
            try:
                trigger = MessageQueueTrigger(
                    scheme="sqs",
                    sqs_queue=kwargs["queue"],
                    aws_conn_id=os.environ.get("S3_CONN_ID"),
                    max_messages=10,
                    wait_time_seconds=10,
                    waiter_delay=0,
                )
                async for event in trigger.run():
                    yield json.dumps(event.payload, default=str)
            except Exception as error:
                log.warning("The queue of events cannot be read: %s", type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def filter_shared_stream(self, shared_stream: AsyncIterator[str]) -> AsyncIterator[TriggerEvent]:
        """An event at the start, and one for each text that tells of the source."""
        yield self._woken()
        async for text in shared_stream:
            if self.source in sources_told(text):
                yield self._woken()

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """The same with a queue of its own."""
        async for event in self.filter_shared_stream(self.open_shared_stream(self.serialize()[1])):
            yield event

    def _woken(self) -> TriggerEvent:
        return TriggerEvent({"source": self.source})  # type: ignore[no-untyped-call]


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
