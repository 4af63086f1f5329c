"""Which version of which row is delivered on which night."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from include.study.sample.draws import stream
from include.study.sample.history import histories
from include.study.sample.planted import (
    CANCELLED,
    CELL,
    CORRECTED,
    JOINS,
    PLANTS,
    REPEATED,
    REPLACED,
    STAYS,
    UNCHANGED,
    WAITS,
    Plant,
)
from include.study.sample.rows import EVENT_DATE, KEY, Row

FRESH_FROM = "2020-04-01"
"""Rows of FRESH_FEEDS from this day on come partly on later nights, a patient's month at a time."""
FRESH_FEEDS = ("exams", "lesions", "visits", "results")
FRESH_NIGHTS = (1, 2, 2, 3, 4, 5, 6)
LATE = {
    "results": (0.015, (2, 3, 4, 5, 6)),
    "procedures": (0.03, (3,)),
    "reports": (0.08, (2,)),
    "treatments": (0.1, (3, 5)),
    "adverse_events": (0.08, (2, 3, 6)),
}
"""Share of a feed's rows that come late, whatever their date, and the nights of such rows."""
SENT_AGAIN = {"results": 40, "patients": 48, "lesions": 30, "procedures": 25}
RESENT_NIGHT = 1
"""Only rows that came on this night are sent again."""


class Delivery(NamedTuple):
    """One version of a row on one night, counted from 1."""

    night: int
    feed: str
    row: Row


@cache
def deliveries() -> tuple[Delivery, ...]:
    """Everything that is delivered, in the order of nights, feeds and keys."""
    planted = {(plant.feed, plant.key): plant for plant in PLANTS if plant.key}
    plain: list[Delivery] = []
    for feed, rows in histories().items():
        for key, row in rows.items():
            if (feed, key) not in planted:
                plain.append(Delivery(arrival(feed, key, row), feed, row))
    everything = [*plain]
    for plant in PLANTS:
        everything += again(plant, plain) if plant.fate == UNCHANGED else versions(plant)
    return tuple(sorted(everything, key=lambda sent: (sent.night, sent.feed, sent.row[KEY[sent.feed]])))


def arrival(feed: str, key: str, row: Row) -> int:
    """The night on which an ordinary row comes."""
    happened = event_date(feed, row)
    if feed in FRESH_FEEDS and happened >= FRESH_FROM:
        return stream("arrival", row["patient_id"], happened[:7]).choice(FRESH_NIGHTS)
    rng = stream("late", key)
    share, nights = LATE.get(feed, (0, (1,)))
    return rng.choice(nights) if rng.random() < share else 1


def event_date(feed: str, row: Row) -> str:
    """The ISO day of a row's event; that of a lesion is its exam's."""
    if feed == "lesions":
        return event_date("exams", histories()["exams"][row["exam_id"]])
    return row[EVENT_DATE[feed]][:10]


def versions(plant: Plant) -> Iterator[Delivery]:
    """The versions that a planted row comes in."""
    if not plant.key:
        return
    rows = histories()[plant.feed]
    true = {**rows[plant.like or plant.key], KEY[plant.feed]: plant.key}
    if plant.fate == JOINS:
        yield Delivery(plant.later or plant.night, plant.feed, true)
        return
    if plant.fate == REPEATED:
        yield Delivery(plant.night, plant.feed, true)
    sent = {**true, **plant.changes}
    yield Delivery(plant.night, plant.feed, sent)
    if plant.fate in (CORRECTED, CELL, REPEATED, REPLACED) and plant.later:
        yield Delivery(plant.later, plant.feed, {**true, "status": "corrected"})
    elif plant.fate == CANCELLED and plant.later:
        yield Delivery(plant.later, plant.feed, {**sent, "status": "cancelled"})
    elif plant.fate not in (STAYS, WAITS):
        raise ValueError(f"planted row {plant.key} has no later night")


def again(plant: Plant, plain: list[Delivery]) -> Iterator[Delivery]:
    """Rows of the first night, identical once more."""
    rows = [sent.row for sent in plain if sent.feed == plant.feed and sent.night == RESENT_NIGHT]
    for row in stream("again", plant.feed).sample(rows, min(SENT_AGAIN[plant.feed], len(rows))):
        yield Delivery(plant.night, plant.feed, row)
