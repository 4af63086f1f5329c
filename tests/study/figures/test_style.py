"""Colours that everybody tells apart, as simulated by Machado, Oliveira and Fernandes (2009), severity 1."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from include.study.figures.style import GRADES, GROUPS, HATCHES, RESPONSES, ink

SIGHT = {
    "all colours": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
APART = 0.12


def linear(colour: str) -> NDArray[np.float64]:
    return np.asarray([part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)])


def lightness(colour: str) -> float:
    """0 (black) to 1 (white), in even steps for the eye."""
    return float((LUMINANCE @ linear(colour)) ** (1 / 3))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    "colours", [[colour for colour, _ in GROUPS], list(RESPONSES.values())], ids=["groups", "responses"]
)
def test_colours_are_told_apart(colours: list[str], sight: str) -> None:
    seen = [np.clip(SIGHT[sight] @ linear(colour), 0, 1) ** (1 / 2.2) for colour in colours]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > APART


def test_without_colours_lines_hatches_or_lightness_differ() -> None:
    assert len({str(line) for _, line in GROUPS}) == len(GROUPS)
    plain = [lightness(colour) for name, colour in RESPONSES.items() if name not in HATCHES]
    assert min(abs(one - other) for one, other in combinations(plain, 2)) > APART
    assert len(set(HATCHES.values())) == len(HATCHES)
    assert min(lighter - darker for lighter, darker in pairwise(map(lightness, GRADES))) > APART


@pytest.mark.parametrize("colour", [colour for colour, _ in GROUPS])
def test_coloured_letters_can_be_read(colour: str) -> None:
    contrast = 1.05 / (LUMINANCE @ linear(ink(colour)) + 0.05)
    assert contrast > 4.5, "WCAG 2.1, AA"
