"""The scatter of a reader's measurements, which never moves an exam into another class of response."""

from random import Random

SCATTER = 0.035
"""Largest relative error of a sum of diameters."""
BURDEN_SCATTER = 0.07
"""Largest relative error of the share of the liver that tumour takes."""
RESPONSE, PROGRESSION = 0.7, 1.2
MARGIN = 0.015
"""What a sum keeps away from the limits of a class, so that rounding to 0.1 mm cannot move it across."""


def measured(ratio: float, nadir: float, rng: Random) -> float:
    """The sum, relative to baseline, that a reader finds where it is `ratio`; `nadir`: the smallest one before.

    A new smallest sum is kept, and no other becomes one: later exams are judged against it.
    """
    low, high = class_of(ratio, nadir)
    found = ratio * rng.uniform(1 - SCATTER, 1 + SCATTER)
    if ratio < nadir or ratio == 0:
        return ratio
    if found < low:
        found = 2 * low - found
    elif found > high:
        found = 2 * high - found
    return min(max(found, low), high)


def class_of(ratio: float, nadir: float) -> tuple[float, float]:
    """The interval around a ratio in which the targets' response stays the same."""
    if ratio >= PROGRESSION * nadir:
        return min(ratio, max((PROGRESSION + MARGIN) * nadir, 0.9 * ratio)), 2 * ratio
    high = (PROGRESSION - 2 * MARGIN) * nadir
    if ratio <= RESPONSE:
        return nadir, max(ratio, min(RESPONSE - MARGIN, high))
    return min(ratio, max(nadir, RESPONSE + MARGIN)), max(ratio, high)
