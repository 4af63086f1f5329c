"""How figures look: inches and points for a page 7 inches wide, colours that colour-blind people tell apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

DOTS_PER_INCH = 300
BLACK, GREY, LIGHT_GREY = "#000000", "#767676", "#d9d9d9"
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, YELLOW = "#E69F00", "#56B4E9", "#F0E442"
"""Okabe and Ito, Color Universal Design (2008)."""
GROUPS = ((BLUE, "-"), (VERMILION, "--"), (GREEN, "-."), (PURPLE, ":"))
"""Colour and line of the groups of a plot, in their order."""
RESPONSES = {"CR": BLUE, "PR": SKY, "SD": YELLOW, "PD": VERMILION, "NE": LIGHT_GREY, "NON_CR_NON_PD": PURPLE}
SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 7,
    "lines.linewidth": 1.5,
    "svg.hashsalt": "registry",
    "svg.fonttype": "path",
}


@contextmanager
def style() -> Iterator[None]:
    """Figures made and saved inside look alike, whatever the user's own settings are."""
    with mpl.rc_context(), mpl.rc_context(mpl.rcParamsDefault), mpl.rc_context(cast("Any", SETTINGS)):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, inches, whose parts make room for each other."""
    return Figure(figsize=(width, height), layout="constrained")


def bare(axes: Axes) -> None:
    """Take the frame and ticks off axes that hold text alone."""
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelbottom=False)


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write PNG and SVG; the same figure gives the same bytes."""
    files = [folder / f"{name}.png", folder / f"{name}.svg"]
    figure.savefig(files[0], dpi=DOTS_PER_INCH, metadata={"Software": None})
    figure.savefig(files[1], metadata={"Date": None})
    return files
