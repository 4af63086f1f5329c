"""Where the lines and points of the report's small drawings lie; the templates draw them as inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spark:
    """A sparkline in a box of 112 x 26: pieces of a line, its last point, and the threshold's height."""

    pieces: list[str]
    last: tuple[float, float] | None
    threshold: float | None


@dataclass(frozen=True)
class Chart:
    """A line of months in a box of 320 x 120; each point with the row it stands for.

    `targets` and `ends` of the scale have their height and value; an end that a target would cover is left out.
    """

    points: list[tuple[float, float, dict[str, Any]]]
    line: str
    targets: list[tuple[float, float]]
    ends: list[tuple[float, float]]


def sparkline(percents: Sequence[float | None], threshold: float | None) -> Spark:
    """The percents of the nights, oldest first; a night without rows to check is a gap."""
    top = max([percent for percent in percents if percent is not None] + [threshold or 0, 1e-9])
    step = 104 / max(1, len(percents) - 1)
    places = [
        None if percent is None else (round(4 + step * night, 1), round(22 - 18 * percent / top, 1))
        for night, percent in enumerate(percents)
    ]
    level = None if threshold is None else round(22 - 18 * threshold / top, 1)
    return Spark(_pieces(places), places[-1] if places else None, level)


def drawn(rows: Sequence[dict[str, Any]]) -> tuple[Chart | None, list[dict[str, Any]]]:
    """The line of all departments together where a month of it is told, and the latest month of each department."""
    together = [row for row in rows if row["source"] == "all" and row["value"] is not None]
    return chart(together) if together else None, list({row["source"]: row for row in rows}.values())


def chart(rows: Sequence[dict[str, Any]]) -> Chart:
    """The months of one indicator, oldest first; the scale spans values and targets, of percents never beyond 100."""
    targets = {row[name] for row in rows[-1:] for name in ("target_low", "target_high") if row[name] is not None}
    values = [row["value"] for row in rows]
    low, high = _scale([*values, *targets], rows[0]["unit"])
    step = 300 / max(1, len(rows) - 1)
    left = 10 if len(rows) > 1 else 160

    def height(value: float) -> float:
        return round(110 - 100 * (value - low) / (high - low), 1)

    points = [(round(left + step * n, 1), height(row["value"]), row) for n, row in enumerate(rows)]
    line = " ".join(f"{x},{y}" for x, y, _ in points)
    drawn = [(height(target), target) for target in sorted(targets)]
    ends = [(height(end), end) for end in (low, high) if all(abs(height(end) - y) > 12 for y, _ in drawn)]
    return Chart(points, line, drawn, ends)


def _pieces(places: Sequence[tuple[float, float] | None]) -> list[str]:
    pieces: list[list[str]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{place[0]},{place[1]}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


def _scale(values: Sequence[float], unit: str) -> tuple[float, float]:
    if unit != "%":
        return 0.0, max(*values, 1.0) * 1.15
    least = min(values)
    return float(max(0, least - (100 - least) * 0.3) if least < 100 else 90), 100.0
