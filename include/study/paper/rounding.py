"""Derived values in the precision of print."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from include.study.paper.targets import NOT_REACHED

SIGNIFICANT = 12
"""Digits to which a float is taken at its word: a half that a sum misses by its last bits is still a half."""


def half_up(value: float, decimals: int) -> str:
    """The value with that many decimals; a half goes away from zero, as in print.

    A positive value that two or more decimals cannot show, such as a p, is written as below their last place.
    """
    exact = Decimal(f"{float(value):.{SIGNIFICANT}g}")
    step = Decimal(1).scaleb(-decimals)
    shown = exact.quantize(step, ROUND_HALF_UP)
    return f"<{step:f}" if decimals >= 2 and exact > 0 and not shown else f"{shown:f}"


def as_printed(value: Any, printed: str) -> str:
    """The value written as the printed one: with its decimals, or as `<limit` where it is below the printed limit.

    A median or limit that is missing was not reached.
    """
    if pd.isna(value):
        return NOT_REACHED
    limit = printed.removeprefix("<")
    if limit != printed and value < float(limit):
        return printed
    return half_up(value, len(limit.partition(".")[2]) if limit != NOT_REACHED else 0)
