"""Writes the names of curves beside them, where they cover nothing: a reader need not go back and forth to a key."""

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from include.study.figures.page import INCH, Page
from include.study.figures.style import GROUPS, SMALL, ink

Points = NDArray[np.float64]
Curves = dict[str, pd.DataFrame]
PLACES = 24
"""How many places along a curve are tried for its name."""
AWAY = 1.4
"""Between a curve and its name, mm."""


def name_curves(page: Page, axes: Axes, curves: Curves, value: str, groups: list[str]) -> None:
    """Write each curve's name where it is on no curve and no other name, else where it is on the least.

    `curves` are steps by name, `value` is their column in percent of 1, `groups` the names in the order of colours.
    """
    frame = axes.get_position()
    limits = np.array([frame.width * page.width, frame.height * page.height])
    unit = np.array([axes.get_xlim()[1], 100]) / limits
    corners = {name: steps[["time_months", value]].to_numpy() * (1, 100) / unit for name, steps in curves.items()}
    taken = np.vstack([_inked(of_curve) for of_curve in corners.values()])
    for name, of_curve in corners.items():
        size = np.array([page.width_of(name), SMALL / 72 * INCH])
        corner = min(_places(of_curve, size, limits), key=lambda at: _clashes(taken, at, size))
        colour = ink(GROUPS[groups.index(name)][0])
        x, y = corner * unit
        axes.text(x, y, name, color=colour, fontsize=SMALL, ha="left", va="bottom")
        taken = np.vstack([taken, _filled(corner, size)])


def _inked(corners: Points) -> Points:
    """Points along a step curve, less than half a millimetre apart."""
    stairs = np.column_stack([np.repeat(corners[:, 0], 2)[1:], np.repeat(corners[:, 1], 2)[:-1]])
    parts = [np.linspace(a, b, 2 + int(np.abs(b - a).sum() / 0.4)) for a, b in pairwise(stairs)]
    return np.vstack([corners, *parts])


def _places(corners: Points, size: Points, limits: Points) -> Iterator[Points]:
    """Lower left corners of a name: behind the curve's end, then over and under it from its end on back."""
    end = corners[-1]
    yield np.clip([end[0] + 1.2, end[1] - size[1] / 2], 0, np.maximum(limits - size, 0))
    for months in np.linspace(end[0], 0, PLACES):
        height = corners[np.searchsorted(corners[:, 0], months, side="right") - 1, 1]
        for back, shift in product((1, 0, 0.5), (AWAY, -size[1] - AWAY)):
            yield np.clip([months - back * size[0], height + shift], 0, np.maximum(limits - size, 0))


def _clashes(taken: Points, corner: Points, size: Points) -> int:
    """How many points a name would cover."""
    inside = (taken > corner - 0.7) & (taken < corner + size + 0.7)
    return int(inside.all(axis=1).sum())


def _filled(corner: Points, size: Points) -> Points:
    """Points all over a name."""
    x, y = np.meshgrid(np.linspace(0, size[0], 20), np.linspace(0, size[1], 5))
    return np.asarray(corner + np.column_stack([x.ravel(), y.ravel()]))
