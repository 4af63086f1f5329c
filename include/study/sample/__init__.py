"""The sample study: an invented cohort shaped like a published one (Fohlen et al. 2023), in six nights.

Everything in it is synthetic. No row, date or course belongs to a person; only the figures of the printed
tables were taken over. The way through the folder: plan.csv, people.csv and shapes -> cohort -> sessions, imaging,
laboratory, clinic, pathology, events -> history (the true rows) -> planted and deliveries (what is sent when)
-> nights -> files.
"""

from datetime import date
from typing import NamedTuple

from include.study.sample.nights import NIGHTS, write_night, write_study
from include.study.sample.planted import PLANTS


class Planted(NamedTuple):
    """A planted thing and what is to become of it (fates: planted.py); `later`: the night that ends it."""

    feed: str
    night: date
    key: str
    kind: str
    fate: str
    later: date | None


PLANTED: tuple[Planted, ...] = tuple(
    Planted(
        feed=plant.feed,
        night=NIGHTS[plant.night - 1],
        key=plant.key,
        kind=plant.kind,
        fate=plant.fate,
        later=NIGHTS[plant.later - 1] if plant.later else None,
    )
    for plant in PLANTS
)

__all__ = ["NIGHTS", "PLANTED", "Planted", "write_night", "write_study"]
