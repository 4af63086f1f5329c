"""What all step curves share: where they end, their ticks, the numbers at risk below and their names beside them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from include.study.figures.page import LINE, Page
from include.study.figures.style import BLACK, GROUPS, SMALL, ink

TICK_MONTHS = (12, 24, 36, 60, 120)
MOST_TICKS = 8


def ends_at(steps: pd.DataFrame, least: float, least_percent: float) -> float | None:
    """The last time at which enough patients are at risk, in number and in percent of the most that ever were.

    None = there are never enough after time zero. Beyond it a curve is a handful of people (Pocock 2002).
    """
    if steps.empty:
        return None
    enough = max(least, least_percent / 100 * float(steps["at_risk"].max()))
    times = steps.loc[steps["at_risk"] >= enough, "time_months"]
    return float(times.max()) if (times > 0).any() else None


def at_risk(steps: pd.DataFrame, months: float) -> int:
    """Patients under observation just before a time; 0 beyond the last."""
    if steps.empty:
        return 0
    left = steps.loc[steps["time_months"] >= months, "at_risk"]
    return int(left.to_numpy()[0]) if len(left) else 0


def ticks(last: float) -> list[int]:
    """Whole years in months from 0 to the end of the curves, at most eight."""
    step = next((step for step in TICK_MONTHS if last / step <= MOST_TICKS - 1), TICK_MONTHS[-1])
    return list(range(0, max(int(np.ceil(last / step)), 1) * step + 1, step))


def draw_step(axes: Axes, steps: pd.DataFrame, value: str, look: tuple[str, Any]) -> None:
    """A curve in percent with its band and censoring marks; a limit that is not known is the curve itself."""
    colour, line = look
    middle, times = 100 * steps[value], steps["time_months"]
    low, high = ((100 * steps[limit]).fillna(middle) for limit in ("ci_low", "ci_high"))
    axes.fill_between(times, low, high, step="post", color=colour, alpha=0.16, linewidth=0)
    axes.step(times, middle, where="post", color=colour, linestyle=line, solid_capstyle="butt")
    marks = steps["censored"] > 0
    axes.plot(times[marks], middle[marks], "|", color=colour, markersize=4, markeredgewidth=0.6)


def percent_axis(axes: Axes, shown: Sequence[int], x: str, y: str) -> None:
    """From 0 to 100 and from month 0."""
    axes.set(ylim=(0, 100), yticks=range(0, 101, 20), xlim=(0, shown[-1]), xticks=shown, xlabel=x, ylabel=y)
    axes.tick_params(labelsize=SMALL)
    for line in axes.lines:
        line.set_clip_on(False)


def write_at_risk(page: Page, axes: Axes, left: float, top: float, rows: dict[str, pd.DataFrame]) -> None:
    """A line of numbers a group, each under its tick; names stand at the panel's left edge."""
    page.text(left, top, "No. at risk", fontweight="bold")
    frame = axes.get_position()
    for row, ((name, steps), (colour, _)) in enumerate(zip(rows.items(), GROUPS, strict=False), 1):
        page.text(left, top + row * LINE, name, color=ink(colour) if len(rows) > 1 else BLACK)
        for months in axes.get_xticks():
            place = (frame.x0 + frame.width * months / axes.get_xlim()[1]) * page.width
            page.text(place, top + row * LINE, str(at_risk(steps, months)), ha="center")
