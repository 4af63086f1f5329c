"""Hazard ratios of all groups: one stratification at a time, and several factors together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from include.definitions.described import read_yaml
from include.study.figures.marts import Marts
from include.study.figures.page import DOUBLE, HEAD, Drawn, NothingToDraw, Page, letters
from include.study.figures.style import BLACK, GREY, LIGHT_GREY, SMALL
from include.study.figures.wording import REFERENCE, events, p_value, ratio

FILE = Path(__file__).with_name("forest.yml")
ROW, AXIS, TOP = 3.3, 11.0, 1.0
PLOT_LEFT, PLOT_WIDTH = 68.0, 56.0
EVENTS, RATIO, P_VALUE = 60.0, 128.0, 158.0
"""Where columns begin, or end (events), mm."""
LOWEST, HIGHEST = 0.05, 20.0
"""The axis; an interval that goes beyond ends in an arrow."""
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
NOTE = "Open square, †: group known after time zero (biased). ‡: hazards not proportional. Arrow: CI continues."
MODELS = {"one": "Each characteristic alone", "together": "Together in one model"}


@dataclass(frozen=True)
class Row:
    """A line of the plot; `effect` is missing where nothing is compared, `is_head` names what groups are made by."""

    name: str
    is_head: bool = False
    counts: str = ""
    text: str = ""
    effect: pd.Series | None = None


def wanted() -> dict[str, Any]:
    """Whose hazard ratios are drawn, as the file has it."""
    found: dict[str, Any] = read_yaml(FILE)
    return found


def draw(marts: Marts) -> Drawn:
    """A panel a kind of model, one below the other. Raises NothingToDraw without a hazard ratio."""
    of_file = wanted()
    found = {model: rows_of(marts, of_file, model) for model in MODELS}
    shown = {model: rows for model, rows in found.items() if any(row.effect is not None for row in rows)}
    if not shown:
        raise NothingToDraw("there are no two groups whose hazards can be compared")
    heights = {model: HEAD + ROW * (len(rows) + 1) + AXIS for model, rows in shown.items()}
    page = Page(DOUBLE, TOP + sum(heights.values()) + ROW)
    top, told = TOP, []
    for (model, rows), letter in zip(shown.items(), letters(len(shown)), strict=True):
        title = MODELS[model] + _size(marts, of_file["key"], model)
        page.head(1, top, letter, title)
        _draw_panel(page, rows, top + HEAD, of_file["measure"])
        top += heights[model]
        ratios = "; ".join(f"{row.name} {row.text}" for row in rows if row.effect is not None)
        told.append(f"{letter + ', ' if letter else ''}{title}: {ratios}.")
    page.text(1, top, NOTE)
    return Drawn(page.figure, told)


def rows_of(marts: Marts, of_file: dict[str, Any], model: str) -> list[Row]:
    """The lines of a model: each stratification with its groups, as far as there are any."""
    rows = []
    for stratification in of_file[model]:
        key = {**of_file["key"], "stratification": stratification}
        groups = marts.picked("summary", **key)
        ratios = marts.picked("hazard_ratio", **key, model=model)
        if len(groups) and len(ratios):
            label = marts.one("stratification", stratification=stratification)
            rows.append(Row(stratification if label is None else label["stratification_label"], is_head=True))
            rows += [_group(group, ratios, model) for _, group in groups.sort_values("stratum_order").iterrows()]
    return rows


def _group(group: pd.Series, ratios: pd.DataFrame, model: str) -> Row:
    counts = events(group) if model == "one" else ""
    if group["stratum"] == ratios["reference"].iloc[0]:
        return Row(group["stratum_label"], counts=counts, text=REFERENCE)
    found = ratios[ratios["stratum"] == group["stratum"]]
    if found.empty:
        return Row(group["stratum_label"], counts=counts, text="not compared")
    effect = found.iloc[0]
    known = None if pd.isna(effect["hazard_ratio"]) else effect
    return Row(group["stratum_label"], counts=counts, text=ratio(effect), effect=known)


def _size(marts: Marts, key: dict[str, Any], model: str) -> str:
    """How many patients and events a model of several factors has."""
    found = marts.picked("hazard_ratio", **key, model=model)
    if model == "one" or found.empty:
        return ""
    of_all = found.iloc[0]
    return (
        f" ({of_all['patients']:.0f} patients, {of_all['events']:.0f} events, "
        f"{of_all['events_per_coefficient']:.1f} per coefficient)"
    )


def _draw_panel(page: Page, rows: list[Row], top: float, measure: str) -> None:
    heads = {1.0: "Group", RATIO: "HR (95 % CI)", P_VALUE: "p"}
    for left, text in heads.items():
        page.text(left, top, text, color=GREY)
    if any(row.counts for row in rows):
        page.text(EVENTS, top, "Events/n", ha="right", color=GREY)
    axes = page.axes(PLOT_LEFT, top + ROW, PLOT_WIDTH, ROW * len(rows))
    for place, row in enumerate(rows):
        _write_row(page, row, top + ROW * (place + 1.5))
        if row.effect is not None:
            _draw_effect(axes, row.effect, place + 0.5)
        elif row.text == REFERENCE:
            axes.plot(1, place + 0.5, "|", color=BLACK, markersize=5)
    axes.axvline(1, color=LIGHT_GREY, linewidth=0.6, zorder=0)
    axes.set(xscale="log", xlim=(LOWEST, HIGHEST), ylim=(len(rows), 0), yticks=[], xlabel=measure)
    axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS], fontsize=SMALL)
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)


def _write_row(page: Page, row: Row, middle: float) -> None:
    page.text(1 if row.is_head else 4, middle, row.name, va="center", fontweight="bold" if row.is_head else "normal")
    page.text(EVENTS, middle, row.counts, ha="right", va="center")
    page.text(RATIO, middle, row.text, va="center")
    if row.effect is not None:
        p = p_value(row.effect["p_value"]).removeprefix("p ").removeprefix("= ")
        page.text(P_VALUE, middle, p, va="center")


def _draw_effect(axes: Axes, effect: pd.Series, height: float) -> None:
    """A square at the ratio on a line from limit to limit; what lies beyond the axis ends in an arrow."""
    low, high = max(effect["ci_low"], LOWEST), min(effect["ci_high"], HIGHEST)
    axes.plot([low, high], [height, height], color=BLACK, linewidth=0.9)
    if effect["ci_low"] < LOWEST:
        axes.plot(LOWEST, height, "<", color=BLACK, markersize=3.5, clip_on=False)
    if effect["ci_high"] > HIGHEST:
        axes.plot(HIGHEST, height, ">", color=BLACK, markersize=3.5, clip_on=False)
    if LOWEST <= effect["hazard_ratio"] <= HIGHEST:
        filled = "white" if effect["immortal_time"] else BLACK
        axes.plot(
            effect["hazard_ratio"],
            height,
            "s",
            color=BLACK,
            markerfacecolor=filled,
            markersize=3.8,
            markeredgewidth=0.7,
        )
