"""A page of a figure, measured in millimetres from its top left corner, so that parts stand in line in every figure."""

from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from include.study.figures.said import said
from include.study.figures.style import LETTER, NORMAL, SMALL

SINGLE, DOUBLE = 85.0, 174.0
"""One and two columns, mm: the narrowest of the usual journals, so no other one has to shrink them."""
INCH = 25.4
LINE = 2.9
"""From one line of small text to the next, mm."""
HEAD = 5.0
"""A panel's letter and title, mm."""
WORDS = 4.5
"""Between a panel's letter and its title, mm."""


class NothingToDraw(Exception):  # noqa: N818
    """The marts have too few rows for a figure; the text says why."""


@dataclass(frozen=True)
class Drawn:
    """A figure, and what its caption says of each panel."""

    figure: Figure
    panels: list[str] = field(default_factory=list)


class Page:
    """A figure of fixed size."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / INCH, height / INCH))
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose frame is there; their ticks and labels stand outside it."""
        bottom = self.height - top - height
        shares = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(shares)

    def text(self, left: float, top: float, text: str, **look: Any) -> Text:
        """Small text whose upper left corner is there, unless `ha` and `va` say otherwise."""
        look = {"ha": "left", "va": "top", "fontsize": SMALL, **look}
        return self.figure.text(left / self.width, 1 - top / self.height, said(text), **look)

    def head(self, left: float, top: float, letter: str, title: str) -> None:
        """A panel's letter, which a figure of one panel does without, and its title."""
        if letter:
            self.text(left, top, letter, fontsize=LETTER, fontweight="bold")
        self.text(left + (WORDS if letter else 0), top + 0.2, title, fontsize=NORMAL, fontweight="bold")

    def width_of(self, text: str, **look: Any) -> float:
        """How wide small text is, mm."""
        written = self.text(0, 0, text, **look)
        width: float = written.get_window_extent(self._renderer).width / self.figure.dpi * INCH
        written.remove()
        return width


def letters(count: int) -> list[str]:
    """A, B, C ... of so many panels; a single one has no letter."""
    return [chr(ord("A") + place) for place in range(count)] if count > 1 else [""]
