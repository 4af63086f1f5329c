"""What a table is made of and what is made of it, from what its SELECT names, and where a drawing has each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from include.definitions.contracts import FEEDS
from include.warehouse.lineage import CATALOGUE, FACTS, PERSONS, sources
from include.warehouse.tables import manifest

FEED = "clinical."
WHOLE = (PERSONS, CATALOGUE, FACTS)
"""Sources that are no feed and no table: who is who, the rules, all that was received and decided."""
WIDTH, HEIGHT, ACROSS, DOWN = 220, 30, 280, 42
"""Of a box, and from one box to the next."""


@dataclass(frozen=True)
class Box:
    """A table, feed or other source of the drawing, by its upper left corner; `is_self` = it is the one drawn."""

    width: ClassVar[int] = WIDTH
    height: ClassVar[int] = HEIGHT
    name: str
    x: int
    y: int
    is_self: bool = False


@dataclass(frozen=True)
class Drawing:
    """Boxes with the lines between them, each a path from the right of one to the left of the other."""

    boxes: list[Box]
    lines: list[str]
    width: int
    height: int


@cache
def tables() -> tuple[str, ...]:
    """Every derived table and mart, in the order in which they are made."""
    return (*(f"derived.{name}" for name in manifest("derived")), *(f"marts.{name}" for name in manifest("marts")))


@cache
def rests_on(table: str) -> frozenset[str]:
    """All that the table is made of, directly or not."""
    direct = sources(table) if table in tables() else frozenset()
    return direct.union(*(rests_on(one) for one in direct))


def origins(table: str) -> list[str]:
    """The feeds that the table rests on, in the contracts' order, then the other sources."""
    return _origins_among(rests_on(table))


def between(table: str) -> list[str]:
    """The tables that it rests on, in the order in which they are made."""
    return [one for one in tables() if one in rests_on(table)]


def direct(table: str) -> list[str]:
    """The tables that it is made of itself, in the order in which they are made."""
    return [one for one in tables() if one in sources(table)]


def made_of(table: str) -> list[str]:
    """What its SELECT reads: feeds and other sources, then tables."""
    return [*_origins_among(sources(table)), *direct(table)]


def used_by(table: str) -> list[str]:
    """The tables that are made of it themselves."""
    return [one for one in tables() if table in sources(one)]


def drawing(table: str) -> Drawing:
    """From left to right: its feeds, what it is made of, the table, what is made of it."""
    columns = [column for column in (origins(table), direct(table), [table], used_by(table)) if column]
    height = max(len(column) for column in columns) * DOWN
    boxes = {box.name: box for number, column in enumerate(columns) for box in _stacked(column, number, height, table)}
    ends = _ends(table, boxes)
    return Drawing(list(boxes.values()), [_line(*end) for end in ends], ACROSS * len(columns) - 60, height)


def _origins_among(names: Iterable[str]) -> list[str]:
    known = [*(f"{FEED}{feed}" for feed in FEEDS), *WHOLE]
    return [one for one in known if one in set(names)]


def _stacked(names: Sequence[str], column: int, height: int, table: str) -> Iterator[Box]:
    top = (height - len(names) * DOWN) // 2 + (DOWN - HEIGHT) // 2
    for place, name in enumerate(names):
        yield Box(name, ACROSS * column, top + place * DOWN, name == table)


def _ends(table: str, boxes: dict[str, Box]) -> Iterator[tuple[Box, Box]]:
    for one in direct(table):
        yield from ((boxes[origin], boxes[one]) for origin in origins(one))
        yield boxes[one], boxes[table]
    yield from ((boxes[origin], boxes[table]) for origin in _origins_among(sources(table)))
    yield from ((boxes[table], boxes[one]) for one in used_by(table))


def _line(left: Box, right: Box) -> str:
    x, y, to_x, to_y = left.x + WIDTH, left.y + HEIGHT // 2, right.x, right.y + HEIGHT // 2
    half = (to_x - x) // 2
    return f"M{x},{y} C{x + half},{y} {to_x - half},{to_y} {to_x},{to_y}"
