"""Kaplan-Meier curves with bands, censoring marks and the numbers at risk below."""

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from include.described import read_yaml
from include.figures.marts import Marts
from include.figures.style import GROUPS, bare, new_figure

FILE = Path(__file__).with_name("panels.yml")
CURVE = ("endpoint", "rule", "entry", "stratification")
TICK_STEPS = (6, 12, 24, 36, 48, 60, 120)
MOST_TICKS = 8
NOT_REACHED = "not reached"
PANEL_INCHES, PLOT_INCHES, KEY_INCHES, ROW_INCHES, MARGIN_INCHES = 3.5, 2.4, 0.16, 0.16, 0.9
Panel = dict[str, Any]


def panels() -> dict[str, list[Panel]]:
    """Figure name to its panels."""
    found: dict[str, list[Panel]] = read_yaml(FILE)
    return found


def draw(marts: Marts, wanted: list[Panel]) -> Figure | None:
    """The panels side by side; None when a curve of theirs is missing."""
    curves = [curves_of(marts, panel) for panel in wanted]
    if not all(any(len(steps) for steps in panel.values()) for panel in curves):
        return None
    most = max(len(panel["strata"]) for panel in wanted)
    heights = [KEY_INCHES * (most + 1.4), PLOT_INCHES, ROW_INCHES * (most + 1)]
    figure = new_figure(PANEL_INCHES * len(wanted), sum(heights) + MARGIN_INCHES)
    axes = figure.subplots(3, len(wanted), height_ratios=heights, squeeze=False)
    for column, panel in enumerate(wanted):
        key, plot, table = axes[:, column]
        _draw_curves(marts, panel, curves[column], plot)
        _write_key(marts, panel, plot, key)
        _write_at_risk(panel, curves[column], plot, table)
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


def _draw_curves(marts: Marts, panel: Panel, curves: dict[str, pd.DataFrame], plot: Axes) -> None:
    shown = ticks(max(float(steps["time_months"].max()) for steps in curves.values() if len(steps)))
    for (stratum, steps), (colour, line) in zip(curves.items(), GROUPS, strict=False):
        label = _legend(marts, panel, stratum)
        times, survival = steps["time_months"], 100 * steps["survival"]
        plot.step(times, survival, where="post", color=colour, linestyle=line, label=label)
        band = 100 * steps["ci_low"].fillna(steps["survival"]), 100 * steps["ci_high"].fillna(steps["survival"])
        plot.fill_between(times, *band, step="post", color=colour, alpha=0.15, linewidth=0)
        marks = steps["censored"] > 0
        plot.plot(times[marks], survival[marks], "|", color=colour, markersize=5, markeredgewidth=0.8)
    plot.set(ylim=(0, 103), xlim=(0, shown[-1]), xticks=shown, ylabel=panel["y"], xlabel=panel["x"])


def _write_key(marts: Marts, panel: Panel, plot: Axes, key: Axes) -> None:
    """Title, groups and test stand above the plot, where no curve runs through them."""
    key.set_axis_off()
    key.set_title(panel["title"])
    legend = key.legend(
        *plot.get_legend_handles_labels(),
        loc="upper left",
        bbox_to_anchor=(-0.02, 1.05),
        title=_heading(marts, panel),
        title_fontsize=7,
        alignment="left",
        handlelength=2.2,
        labelspacing=0.3,
        borderpad=0,
        borderaxespad=0,
    )
    legend.set_in_layout(False)


def _legend(marts: Marts, panel: Panel, stratum: str) -> str:
    """A group's name with its patients, events and median."""
    name = panel["strata"][stratum]
    found = marts.picked("summary", **{key: panel[key] for key in CURVE}, stratum=stratum)
    if found.empty:
        return f"{name}: no patients"
    row = found.iloc[0]
    low, median, high = (_months(row[f"median_{column}"]) for column in ("ci_low", "months", "ci_high"))
    limits = f" ({low} to {high})" if {low, high} != {NOT_REACHED} else ""
    return f"{name}: {row['events']:.0f}/{row['patients']:.0f}, {median}{limits}"


def _months(value: float) -> str:
    return NOT_REACHED if pd.isna(value) else f"{value:.0f}"


def _heading(marts: Marts, panel: Panel) -> str:
    """What the key says of each group, and the log-rank test between groups."""
    test = _test(marts, panel)
    return "\n".join(filter(None, ("Events/patients, median in months (95 % CI, log-log)", test)))


def _test(marts: Marts, panel: Panel) -> str | None:
    """The log-rank test between the groups; None for a single one."""
    found = marts.picked("comparison", **{key: panel[key] for key in CURVE})
    if found.empty or pd.isna(found["p_value"].iloc[0]):
        return None
    p_value = float(found["p_value"].iloc[0])
    return "Log-rank p < 0.001" if p_value < 0.001 else f"Log-rank p = {p_value:.3f}"


def _write_at_risk(panel: Panel, curves: dict[str, pd.DataFrame], plot: Axes, table: Axes) -> None:
    """A line of numbers a group, under the ticks of the plot above."""
    table.set(xlim=plot.get_xlim(), ylim=(len(curves) - 0.5, -0.5), yticks=range(len(curves)))
    table.set_yticklabels([panel["strata"][stratum] for stratum in curves], fontsize=7)
    table.set_title("At risk", fontsize=7, fontweight="normal", pad=2)
    bare(table)
    table.tick_params(axis="y", pad=10)
    for row, (steps, (colour, _)) in enumerate(zip(curves.values(), GROUPS, strict=False)):
        table.get_yticklabels()[row].set_color(colour)
        for months in plot.get_xticks():
            table.text(months, row, str(at_risk(steps, months)), ha="center", va="center", fontsize=7)
