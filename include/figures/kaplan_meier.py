"""Kaplan-Meier curves with bands, censoring marks and the numbers at risk below."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from include.figures.marts import Marts
from include.figures.style import GROUPS, bare, new_figure

FILE = Path(__file__).with_name("panels.yml")
CURVE = ("endpoint", "rule", "stratification")
TICK_STEPS = (6, 12, 24, 36, 48, 60, 120)
MOST_TICKS = 8
Panel = dict[str, Any]


def panels() -> dict[str, list[Panel]]:
    """Figure name to its panels."""
    found: dict[str, list[Panel]] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


def draw(marts: Marts, wanted: list[Panel]) -> Figure | None:
    """The panels side by side; None when a curve of theirs is missing."""
    curves = [curves_of(marts, panel) for panel in wanted]
    if not all(any(len(steps) for steps in panel.values()) for panel in curves):
        return None
    most = max(len(panel["strata"]) for panel in wanted)
    figure = new_figure(3.5 * max(len(wanted), 1) + (0.5 if len(wanted) == 1 else 0), 3.1 + 0.16 * most)
    axes = figure.subplots(2, len(wanted), height_ratios=[2.6, 0.16 * most + 0.2], squeeze=False)
    for column, panel in enumerate(wanted):
        _draw_panel(marts, panel, curves[column], axes[0, column], axes[1, column])
    return figure


def curves_of(marts: Marts, panel: Panel) -> dict[str, pd.DataFrame]:
    """Stratum to the steps of its curve, in the order of the panel."""
    key = {name: panel[name] for name in CURVE}
    return {stratum: marts.picked("curve", **key, stratum=stratum) for stratum in panel["strata"]}


def at_risk(steps: pd.DataFrame, months: float) -> int:
    """Patients under observation just before a time; 0 beyond the last."""
    left = steps.loc[steps["time_months"] >= months, "at_risk"]
    return int(left.iloc[0]) if len(left) else 0


def ticks(last: float) -> list[int]:
    """Whole months from 0 to the end of follow-up, at most eight."""
    step = next((step for step in TICK_STEPS if last / step <= MOST_TICKS - 1), TICK_STEPS[-1])
    return list(range(0, int(last) + step, step))


def _draw_panel(marts: Marts, panel: Panel, curves: dict[str, pd.DataFrame], plot: Axes, table: Axes) -> None:
    shown = ticks(max(float(steps["time_months"].max()) for steps in curves.values() if len(steps)))
    for (stratum, steps), (colour, line) in zip(curves.items(), GROUPS, strict=False):
        label = _legend(marts, panel, stratum)
        times, survival = steps["time_months"], 100 * steps["survival"]
        plot.step(times, survival, where="post", color=colour, linestyle=line, label=label)
        band = 100 * steps["ci_low"].fillna(steps["survival"]), 100 * steps["ci_high"].fillna(steps["survival"])
        plot.fill_between(times, *band, step="post", color=colour, alpha=0.15, linewidth=0)
        marks = steps["censored"] > 0
        plot.plot(times[marks], survival[marks], "|", color=colour, markersize=5, markeredgewidth=0.8)
    plot.set(
        ylim=(0, 103), xlim=(0, shown[-1]), xticks=shown, ylabel=panel["y"], xlabel=panel["x"], title=panel["title"]
    )
    plot.legend(loc="best", title=_test(marts, panel), title_fontsize=7, alignment="left", handlelength=2.2)
    _write_at_risk(table, panel, curves, shown)


def _legend(marts: Marts, panel: Panel, stratum: str) -> str:
    """A group's name with its patients, events and median."""
    name = panel["strata"][stratum]
    found = marts.picked("summary", **{key: panel[key] for key in CURVE}, stratum=stratum)
    if found.empty:
        return f"{name}: no patients"
    row = found.iloc[0]
    low, median, high = (_months(row[f"median_{column}"]) for column in ("ci_low", "months", "ci_high"))
    return f"{name}: {row['events']:.0f}/{row['patients']:.0f} events\nmedian {median} months ({low} to {high})"


def _months(value: float) -> str:
    return "NR" if pd.isna(value) else f"{value:.0f}"


def _test(marts: Marts, panel: Panel) -> str | None:
    """The log-rank test between the groups; None for a single one."""
    found = marts.picked("comparison", **{key: panel[key] for key in CURVE})
    if found.empty or pd.isna(found["p_value"].iloc[0]):
        return None
    p_value = float(found["p_value"].iloc[0])
    return "Log-rank p < 0.001" if p_value < 0.001 else f"Log-rank p = {p_value:.3f}"


def _write_at_risk(table: Axes, panel: Panel, curves: dict[str, pd.DataFrame], shown: list[int]) -> None:
    """A line of numbers a group, under the ticks of the plot above."""
    rows = range(len(curves))
    table.set(xlim=(0, shown[-1]), ylim=(len(curves) - 0.5, -0.5), xticks=shown, yticks=list(rows))
    table.set_yticklabels([panel["strata"][stratum] for stratum in curves])
    table.set_title("At risk", fontsize=7, fontweight="normal", pad=2)
    bare(table)
    for row, (steps, (colour, _)) in enumerate(zip(curves.values(), GROUPS, strict=False)):
        table.get_yticklabels()[row].set_color(colour)
        for months in shown:
            table.text(months, row, str(at_risk(steps, months)), ha="center", va="center", fontsize=7)
