"""The steps that open the warehouse, over plain values as Airflow hands them from task to task."""

from typing import Any

from include.alarms import channels, telling
from include.settings import Settings
from include.warehouse import open_warehouse, prepare


def assess(settings: Settings) -> list[dict[str, Any]]:
    """The messages that are due now, for every channel that there is."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        return [message.as_dict() for message in telling.assess(warehouse, channels.configured())]


def tell(message: dict[str, Any]) -> str:
    """Tell a message to its channel; its subject line. Raises RegistryError REG-701 when it is not accepted."""
    return channels.tell(telling.Message.of(message))


def remember(settings: Settings, message: dict[str, Any]) -> None:
    """Note that a message was accepted by its channel."""
    with open_warehouse(settings.warehouse) as warehouse:
        telling.remember(warehouse, telling.Message.of(message))
