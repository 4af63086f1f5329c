"""Panels of step curves: estimates above, curves with their names, the numbers at risk below."""

from dataclasses import dataclass, field

import pandas as pd
from matplotlib.axes import Axes

from include.study.figures.marts import Marts
from include.study.figures.names import name_curves
from include.study.figures.page import DOUBLE, HEAD, LINE, SINGLE, Drawn, NothingToDraw, Page, letters
from include.study.figures.steps import draw_step, ends_at, percent_axis, ticks, write_at_risk
from include.study.figures.style import GREY, GROUPS, ink

PLOT, AXIS, EDGE = 46.0, 9.0, 1.5
"""The plot, its ticks and label, and the page's edges, mm."""
LEAST_LEFT, RIGHT, BEFORE_PLOT, BEHIND_NAME = 13.0, 4.0, 3.0, 5.0
Curves = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Panel:
    """What a panel shows. Curves, estimates and numbers at risk go by the names that readers see, in their order.

    `curves` have the columns time_months, at_risk, censored, ci_low, ci_high and the one that `value` names.
    `columns` say where the estimates stand, mm from the panel's left edge. `at_risk` is told where the
    curves are of the same patients, whose censoring is marked once.
    """

    title: str
    x: str
    y: str
    value: str
    curves: Curves
    heads: list[str]
    estimates: dict[str, list[str]]
    columns: tuple[float, ...] = (0.0, 22.0, 35.0, 60.0)
    test: str = ""
    at_risk: Curves = field(default_factory=dict)


def draw_panels(marts: Marts, wanted: list[Panel]) -> Drawn:
    """The panels side by side. Raises NothingToDraw where no curve has enough patients at risk."""
    limits = marts.setting("curve_at_risk_minimum"), marts.setting("curve_at_risk_percent")
    shown = [_up_to_the_end(panel.curves, *limits) for panel in wanted]
    if not any(shown):
        raise NothingToDraw(f"no group has {limits[0]:.0f} patients at risk")
    most, rows = (max(len(lines) for lines in of_all) for of_all in zip(*map(_lines, wanted), strict=True))
    top = EDGE + HEAD + (most + 2) * LINE + BEFORE_PLOT
    high = top + PLOT + AXIS + (rows + 1) * LINE + EDGE
    page = Page(SINGLE if len(wanted) == 1 else DOUBLE, high)
    names = [name for panel in wanted for name in _rows_at_risk(panel)]
    frame = max(LEAST_LEFT, BEHIND_NAME + max(page.width_of(name) for name in names))
    for place, (panel, letter) in enumerate(zip(wanted, letters(len(wanted)), strict=True)):
        left = place * (DOUBLE / 2) + EDGE
        page.head(left, EDGE, letter, panel.title)
        _write_estimates(page, panel, left)
        axes = page.axes(left + frame, top, min(page.width, DOUBLE / 2) - EDGE - frame - RIGHT, PLOT)
        _draw(page, axes, panel, shown[place])
        write_at_risk(page, axes, left, top + PLOT + AXIS, _rows_at_risk(panel))
    return Drawn(page.figure, [_sentence(*of) for of in zip(wanted, letters(len(wanted)), strict=True)])


def _lines(panel: Panel) -> tuple[dict[str, list[str]], Curves]:
    """What takes lines above the plot, and below it."""
    return panel.estimates, _rows_at_risk(panel)


def _rows_at_risk(panel: Panel) -> Curves:
    return panel.at_risk or panel.curves


def _up_to_the_end(curves: Curves, least: float, least_percent: float) -> Curves:
    """The curves up to where enough patients are at risk; those that never have enough are missing."""
    ends = {name: ends_at(steps, least, least_percent) for name, steps in curves.items()}
    return {name: curves[name][curves[name]["time_months"] <= end] for name, end in ends.items() if end is not None}


def _draw(page: Page, axes: Axes, panel: Panel, shown: Curves) -> None:
    for name, look in zip(panel.curves, GROUPS, strict=False):
        if name in shown:
            of_others = panel.at_risk and name != next(iter(shown))
            steps = shown[name].assign(censored=0) if of_others else shown[name]
            draw_step(axes, steps, panel.value, look)
    last = max((float(steps["time_months"].iloc[-1]) for steps in shown.values()), default=0.0)
    percent_axis(axes, ticks(last), panel.x, panel.y)
    if len(panel.curves) > 1 and shown:
        name_curves(page, axes, shown, panel.value, list(panel.curves))
    if not shown:
        axes.text(0.5, 0.5, "Too few patients at risk", transform=axes.transAxes, ha="center")


def _write_estimates(page: Page, panel: Panel, left: float) -> None:
    """A line a group, and the test between them below."""
    rows = [(panel.heads, GREY)]
    for (name, cells), (colour, _) in zip(panel.estimates.items(), GROUPS, strict=False):
        rows.append(([name, *cells], ink(colour)))
    for row, (cells, colour) in enumerate(rows):
        for column, cell in zip(panel.columns, cells, strict=False):
            page.text(left + column, EDGE + HEAD + row * LINE, cell, color=colour)
    page.text(left, EDGE + HEAD + len(rows) * LINE, panel.test)


def _sentence(panel: Panel, letter: str) -> str:
    """What a panel shows, in a caption."""
    groups = []
    for name, cells in panel.estimates.items():
        told = [f"{head} {cell}" for head, cell in zip(panel.heads[1:], cells, strict=False) if cell]
        groups.append(f"{name}: {', '.join(told)}")
    end = f" {panel.test}." if panel.test else ""
    return f"{letter + ', ' if letter else ''}{panel.title}. {'; '.join(groups)}.{end}"
