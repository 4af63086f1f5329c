"""How figures look: colours that colour-blind people tell apart, sizes of letters, and the files of one figure."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

DOTS_PER_INCH = 600
"""Journals ask for 300 at least, and for 600 where lines and letters stand together."""
LETTER, NORMAL, SMALL = 8, 7, 6
"""Points: panel letters, titles and axes, all other text."""
BLACK, GREY, LIGHT_GREY = "#000000", "#595959", "#d9d9d9"
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SKY, YELLOW = "#56B4E9", "#F0E442"
"""Okabe and Ito, Color Universal Design (2008)."""
GROUPS = ((BLUE, "-"), (VERMILION, (0, (5, 1.5))), (GREEN, (0, (5, 1.2, 1, 1.2))), (PURPLE, (0, (1, 1))))
"""Colour and line of the groups of a plot, in their order; the lines differ where print has no colours."""
RESPONSES = {"CR": BLUE, "PR": SKY, "SD": YELLOW, "NON_CR_NON_PD": PURPLE, "PD": VERMILION, "NE": "#ffffff"}
HATCHES = {"PD": "//////", "NE": "......", "NON_CR_NON_PD": "\\\\\\\\"}
"""What tells the responses apart that are alike without colours."""
RESPONSE_NAMES = {"NE": "Not evaluable (NE)", "NON_CR_NON_PD": "Non-CR/non-PD"}
GRADES = ("#ffffff", "#bdd7e7", "#6baed6", "#2171b5", "#08306b")
"""Grade 0 to 4, white and ColorBrewer's Blues: each darker than the one before, with or without colours."""
SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": SMALL,
    "axes.labelsize": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.pad": 2,
    "ytick.major.pad": 2,
    "axes.labelpad": 2,
    "hatch.linewidth": 0.4,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "lines.linewidth": 1.2,
    "pdf.fonttype": 42,
    "svg.hashsalt": "registry",
    "svg.fonttype": "none",
}


@contextmanager
def style() -> Iterator[None]:
    """Figures made and saved inside look alike, whatever the user's own settings are."""
    with mpl.rc_context(), mpl.rc_context(mpl.rcParamsDefault), mpl.rc_context(cast("Any", SETTINGS)):
        yield


def ink(colour: str) -> str:
    """A darker shade of a colour, for letters on white."""
    red, green, blue = to_rgb(colour)
    return str(to_hex((0.72 * red, 0.72 * green, 0.72 * blue)))


def save(figure: Figure, folder: Path, name: str, title: str, about: str) -> list[Path]:
    """Write PDF, SVG, PNG and TIFF; the same figure gives the same bytes. Text stays text in PDF and SVG.

    `about` stands in the files for readers who do not see the figure.
    """
    files = [folder / f"{name}.{kind}" for kind in ("pdf", "svg", "png", "tif")]
    figure.savefig(files[0], metadata={"Title": title, "Subject": about, "CreationDate": None})
    figure.savefig(files[1], metadata={"Title": title, "Description": about, "Date": None})
    pixels = BytesIO()
    figure.savefig(pixels, format="png", dpi=DOTS_PER_INCH)
    image = Image.open(pixels).convert("RGB")
    text = PngInfo()
    text.add_itxt("Description", about)
    dots = (DOTS_PER_INCH, DOTS_PER_INCH)
    image.save(files[2], dpi=dots, pnginfo=text)
    image.save(files[3], dpi=dots, compression="tiff_lzw")
    return files
