"""Where the line of a column's months lies beside what is usual of it; the template draws it as inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Row = dict[str, Any]
WIDTH, HEIGHT = 320, 110


@dataclass(frozen=True)
class Banded:
    """A line in a box of 320 x 110: pieces of it, its points with their months, the areas of what is usual, its middle.

    `ends` of the scale have their height and value.
    """

    lines: list[str]
    points: list[tuple[float, float, Row]]
    areas: list[str]
    usual: list[str]
    ends: list[tuple[float, float]]


def banded(months: Sequence[Row]) -> Banded | None:
    """The months, oldest first; one without a value is a gap, one without limits has none. None = nothing is told."""
    names = ("value", "usual_low", "usual_high")
    told = [float(row[name]) for row in months for name in names if row[name] is not None]
    if not told:
        return None
    low, high = min(told), max(told)
    spread = (high - low) or 1.0
    step = (WIDTH - 20) / max(1, len(months) - 1)

    def place(number: int, value: float) -> tuple[float, float]:
        return round(10 + step * number, 1), round(HEIGHT - 8 - (HEIGHT - 16) * (float(value) - low) / spread, 1)

    def pieces(name: str) -> list[list[tuple[float, float]]]:
        numbered = groupby(enumerate(months), lambda one: one[1][name] is not None)
        return [[place(number, row[name]) for number, row in piece] for is_told, piece in numbered if is_told]

    areas = zip(pieces("usual_low"), pieces("usual_high"), strict=True)
    return Banded(
        lines=[_written(piece) for piece in pieces("value")],
        points=[(*place(number, row["value"]), row) for number, row in enumerate(months) if row["value"] is not None],
        areas=[_written([*lower, *reversed(upper)]) for lower, upper in areas],
        usual=[_written(piece) for piece in pieces("usual_value")],
        ends=[(place(0, end)[1], end) for end in ([low, high] if high > low else [low])],
    )


def _written(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
