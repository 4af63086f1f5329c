"""The steps of the DAG `watch`, over plain values as Airflow hands them from task to task."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.people.alarms import channels, telling
from include.people.alarms.telling import Message
from include.warehouse import open_warehouse, prepare
from include.warehouse.sql import select_text


def assess(settings: Settings) -> list[dict[str, Any]]:
    """The messages that are due now: for each channel that has some, its name and its messages."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        due = telling.assess(warehouse, channels.configured())
    return [
        {"channel": channel, "messages": [message.as_dict() for message in messages]}
        for channel, messages in groupby(due, key=lambda message: message.channel)
    ]


def tell(batch: dict[str, Any]) -> dict[str, Any]:
    """Tell a channel its messages; those that it accepted, and the errors of those that it refused.

    A failure that nobody foresaw is told by its kind alone: its text may hold an address with a secret.
    """
    told: list[dict[str, Any]] = []
    refused: list[str] = []
    for message in batch["messages"]:
        try:
            channels.tell(Message.of(message))
            told.append(message)
        except RegistryError as error:
            refused.append(str(error))
        except Exception as error:
            unforeseen = RegistryError("REG-701", f"The channel {batch['channel']} fails ({type(error).__name__}).")
            refused.append(str(unforeseen))
    return {"told": told, "refused": refused}


def remember(settings: Settings, outcomes: Sequence[dict[str, Any]]) -> list[str]:
    """Note the messages that were accepted; every error of those that were not."""
    with open_warehouse(settings.warehouse) as warehouse:
        for outcome in outcomes:
            for message in outcome["told"]:
                telling.remember(warehouse, Message.of(message))
    return [error for outcome in outcomes for error in outcome["refused"]]


def is_late(settings: Settings, source: str) -> bool:
    """Whether a department is late now, at any site. Asked beside whoever writes: on PostgreSQL it waits for nobody."""
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return any(one.source == source for one in warehouse.run(select_text("alarms/late")))
