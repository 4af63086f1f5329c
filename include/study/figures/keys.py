"""Keys of colours and marks, on one line below a plot."""

from collections.abc import Iterable
from typing import Any

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from include.study.figures.page import Page
from include.study.figures.style import BLACK, HATCHES, RESPONSE_NAMES, RESPONSES

Mark = dict[str, Any]
BOX, GAP = 3.2, 4.0
"""Width of a box, and the space behind an entry, mm."""


def response_key(page: Page, there: Iterable[str], left: float, top: float, marks: list[tuple[str, str]]) -> None:
    """The responses that are there, and signs with their meaning."""
    known = set(there)
    for name in RESPONSES:
        if name in known:
            look = {"facecolor": RESPONSES[name], "hatch": HATCHES.get(name)}
            left = boxed(page, left, top, RESPONSE_NAMES.get(name, name), look)
    for sign, meaning in marks:
        page.text(left + 1, top, sign)
        left += 1 + page.width_of(sign) + 1.2
        page.text(left, top, meaning)
        left += page.width_of(meaning) + GAP


def boxed(page: Page, left: float, top: float, text: str, look: Mark) -> float:
    """A box with its meaning; where the next entry begins."""
    corner = (left / page.width, 1 - (top + 2.1) / page.height)
    page.figure.add_artist(
        Rectangle(corner, BOX / page.width, 2.0 / page.height, edgecolor=BLACK, linewidth=0.3, **look)
    )
    page.text(left + BOX + 1, top, text)
    return left + BOX + 1 + page.width_of(text) + GAP


def marked(page: Page, left: float, top: float, text: str, look: Mark) -> float:
    """A mark with its meaning; where the next entry begins."""
    place = [(left + 1) / page.width], [1 - (top + 1.1) / page.height]
    page.figure.add_artist(Line2D(*place, linestyle="none", **look))
    page.text(left + 3, top, text)
    return left + 3 + page.width_of(text) + GAP
