"""Numbers as journals print them."""

import math
from typing import Any

NOT_REACHED = "NR"
DASH = "–"
REFERENCE = "1 (reference)"


def p_value(value: float | None) -> str:
    """`p = 0.29`, with a third decimal below 0.1; empty when there is none."""
    if value is None or math.isnan(value):
        return ""
    if value < 0.001:
        return "p < 0.001"
    return "p > 0.99" if value > 0.99 else f"p = {value:.{3 if value < 0.1 else 2}f}"


def events(row: Any) -> str:
    """Events and patients, `12/45`; a dash where they are withheld."""
    return "/".join(DASH if math.isnan(row[name]) else f"{row[name]:.0f}" for name in ("events", "patients"))


def months(value: float | None) -> str:
    """Whole months, or that they are not reached."""
    return NOT_REACHED if value is None or math.isnan(value) else f"{value:.0f}"


def median(summary: Any) -> str:
    """A median with its limits; without a limit, NR stands there."""
    low, middle, high = (months(summary[name]) for name in ("median_ci_low", "median_months", "median_ci_high"))
    return middle if {low, high} == {NOT_REACHED} else f"{middle} ({low}{DASH}{high})"


def ratio(row: Any) -> str:
    """A hazard ratio with its limits, and marks: † formed after time zero, ‡ not proportional."""
    if row is None or math.isnan(row["hazard_ratio"]):
        return "not estimable"
    marks = ("†" if row["immortal_time"] else "") + ("‡" if row["is_not_proportional"] else "")
    return f"{_short(row['hazard_ratio'])} ({_short(row['ci_low'])}{DASH}{_short(row['ci_high'])}){marks}"


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def percent(row: Any, value: str) -> str:
    """A share with its limits in percent; a dash beyond the last follow-up."""
    if row is None or math.isnan(row[value]):
        return DASH
    limits = [row[name] for name in ("ci_low", "ci_high")]
    known = not any(math.isnan(limit) for limit in limits)
    return f"{100 * row[value]:.0f}" + (f" ({100 * limits[0]:.0f}{DASH}{100 * limits[1]:.0f})" if known else "")
