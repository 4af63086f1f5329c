"""What each channel has to be told: an alarm once, and again only when its state has changed.

A message is about one cause in one night. When a first load of history brings alarms of many nights at once, they are
told together.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, NamedTuple

from include.people.alarms.causes import causes
from include.people.alarms.current import OVER, Alarm, Identity, current_alarms, is_loading
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append
from include.warehouse.sql import select_text

NIGHTS_APART = 3
"""So many nights of one cause are told in messages of their own; more are told in one."""


class Entry(NamedTuple):
    """The last that a channel was told of an alarm."""

    state: str
    told_at: str


@dataclass(frozen=True)
class Message:
    """What one channel is to be told of one cause; `is_over` when its alarms are no more.

    `last_told_at` is when the channel was last told of one of the alarms: it tells a recurrence from a repetition.
    """

    channel: str
    cause: str
    is_over: bool
    alarms: list[Alarm]
    last_told_at: str | None = None

    @property
    def nights(self) -> list[str]:
        """Its nights, oldest first."""
        return sorted({alarm.batch_date for alarm in self.alarms})

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for XCom."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Message":
        """The message of such values."""
        return cls(**{**plain, "alarms": [Alarm(**alarm) for alarm in plain["alarms"]]})


def assess(warehouse: Warehouse, channels: Sequence[str]) -> list[Message]:
    """The messages that are due now; none while files of the night are still being loaded.

    A cause that is not told when it is over is noted as over at once.
    """
    if is_loading(warehouse):
        return []
    alarms = current_alarms(warehouse)
    due: list[Message] = []
    for channel in channels:
        known = _known(warehouse, channel)
        over = _over(known, alarms)
        _note(warehouse, channel, [alarm for alarm in over if not causes()[alarm.cause].over])
        due += _messages(channel, known, _news(known, alarms), is_over=False)
        due += _messages(channel, known, [alarm for alarm in over if causes()[alarm.cause].over], is_over=True)
    return due


def remember(warehouse: Warehouse, message: Message) -> None:
    """Note that the channel has accepted the message; called after it did, so a crash between repeats it."""
    _note(warehouse, message.channel, message.alarms)


def _known(warehouse: Warehouse, channel: str) -> dict[Identity, Entry]:
    rows = warehouse.run(select_text("alarms/told"))
    return {
        (row.cause, row.source, row.subject, row.batch_date.isoformat()): Entry(row.state, row.told_at.isoformat())
        for row in rows
        if row.channel == channel
    }


def _news(known: dict[Identity, Entry], alarms: list[Alarm]) -> list[Alarm]:
    """All alarms of those causes and nights in which one is new or has changed."""
    changed = {
        (alarm.cause, alarm.batch_date)
        for alarm in alarms
        if alarm.identity not in known or known[alarm.identity].state != alarm.state
    }
    return [alarm for alarm in alarms if (alarm.cause, alarm.batch_date) in changed]


def _over(known: dict[Identity, Entry], alarms: list[Alarm]) -> list[Alarm]:
    """Alarms that were told and are no more; of a cause that is no more, nothing is left to say."""
    current = {alarm.identity for alarm in alarms}
    return [
        Alarm(*identity, OVER)
        for identity, entry in known.items()
        if entry.state != OVER and identity not in current and identity[0] in causes()
    ]


def _messages(channel: str, known: dict[Identity, Entry], alarms: list[Alarm], *, is_over: bool) -> list[Message]:
    """One message a cause and night, or one a cause where there are many nights."""
    messages = []
    for cause in causes():
        own = sorted((alarm for alarm in alarms if alarm.cause == cause), key=lambda alarm: alarm.batch_date)
        nights = [list(night) for _, night in groupby(own, key=lambda alarm: alarm.batch_date)]
        apart = nights if len(nights) <= NIGHTS_APART else [own]
        messages += [Message(channel, cause, is_over, told, _last_told(known, told)) for told in apart]
    return messages


def _last_told(known: dict[Identity, Entry], alarms: list[Alarm]) -> str | None:
    return max((known[alarm.identity].told_at for alarm in alarms if alarm.identity in known), default=None)


def _note(warehouse: Warehouse, channel: str, alarms: list[Alarm]) -> None:
    """Enter what the channel knows now, in one transaction."""
    now = utc_now()
    rows = [(channel, *alarm.identity, alarm.state, now) for alarm in alarms]
    names = ["channel", "cause", "source", "subject", "batch_date", "state", "told_at"]
    with warehouse.transaction():
        append(warehouse, "ops.alarm", [dict(zip(names, row, strict=True)) for row in rows])
