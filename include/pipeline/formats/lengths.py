"""Lengths in millimetres, whatever unit they are written in."""

from decimal import Decimal
from functools import cache
from pathlib import Path

from include.definitions.described import read_yaml
from include.pipeline.staging.limits import limits


def millimetres(written: str | None, unit: str | None) -> str | None:
    """A length in mm, with its digits where it is so written; what is no known length keeps its unit behind it.

    Without a unit it is taken as it is.
    """
    factor = _factors().get(unit) if unit else Decimal(1)
    if written is None or factor == 1:
        return written
    try:
        length = Decimal(written) * factor if factor else None
    except (ArithmeticError, ValueError):
        length = None
    if length is None or not length.is_finite() or abs(length.adjusted()) > limits().largest_exponent:
        return f"{written} {unit}"
    return f"{length.normalize():f}"


@cache
def _factors() -> dict[str, Decimal]:
    given = read_yaml(Path(__file__).resolve().parent / "lengths.yml")
    return {unit: Decimal(str(factor)) for unit, factor in given.items()}
