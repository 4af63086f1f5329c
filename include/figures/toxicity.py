"""Laboratory toxicity: patients by grade at each time point, by the study's limits and by today's."""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from include.described import read_yaml
from include.figures.marts import Marts
from include.figures.style import BLACK, new_figure

ANALYTES = {"AST": "AST", "ALT": "ALT", "BILI": "Bilirubin"}
FILE = Path(__file__).with_name("toxicity.yml")
TIMEPOINTS = {"baseline": "Baseline", "day_1": "Day 1", "day_5": "Day 5", "month_2": "Month 2"}
GRADES = ("#f2f2f2", "#F0E442", "#E69F00", "#D55E00", "#5c1a00")
"""Grade 0 to 4: lightness falls with the grade, so the order is seen without colour as well."""
LIGHT_TEXT_FROM = 3
LEAST_PERCENT = 7
"""Percent of the bar from which its number of patients fits in."""


def draw(marts: Marts) -> Figure | None:
    """Three analytes by two editions of the criteria; None without a grade."""
    titles: dict[str, str] = read_yaml(FILE)
    grades = marts.picked("toxicity", criteria=list(titles))
    if grades.empty:
        return None
    figure = new_figure(7, 5.2)
    axes = figure.subplots(len(titles), len(ANALYTES), sharex=True, sharey=True)
    for row, criteria in enumerate(titles):
        for column, analyte in enumerate(ANALYTES):
            of_both = (grades["criteria"] == criteria) & (grades["analyte"] == analyte)
            _draw_bars(axes[row, column], grades[of_both])
            axes[row, column].set_title(f"{ANALYTES[analyte]}, {titles[criteria]}")
        axes[row, 0].set_ylabel("Patients (%)")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(GRADES))
    return figure


def _draw_bars(axes: Axes, grades: pd.DataFrame) -> None:
    """A stacked bar a time point with the number of patients in each part, and in all above it."""
    percent = grades.pivot_table(index="timepoint", columns="grade", values="percent", aggfunc="sum")
    patients = grades.pivot_table(index="timepoint", columns="grade", values="patients", aggfunc="sum")
    height = pd.Series(0.0, index=list(TIMEPOINTS))
    for grade, colour in enumerate(GRADES):
        share = _of(percent, grade)
        bars = axes.bar(
            range(len(share)),
            share,
            bottom=height,
            color=colour,
            edgecolor=BLACK,
            linewidth=0.4,
            label=f"Grade {grade}",
        )
        counts = _of(patients, grade)
        texts = [f"{n:.0f}" if p >= LEAST_PERCENT else "" for n, p in zip(counts, share, strict=True)]
        colour_of_text = "white" if grade >= LIGHT_TEXT_FROM else BLACK
        axes.bar_label(bars, texts, label_type="center", fontsize=6.5, color=colour_of_text)
        height = height + share
    for place, total in enumerate(patients.sum(axis=1).reindex(list(TIMEPOINTS)).fillna(0)):
        axes.text(place, 101, f"n = {total:.0f}", ha="center", va="bottom", fontsize=6.5)
    axes.set(ylim=(0, 108), yticks=range(0, 101, 25))
    axes.set_xticks(range(len(TIMEPOINTS)), list(TIMEPOINTS.values()), fontsize=6.5)


def _of(table: pd.DataFrame, grade: int) -> pd.Series:
    """A grade's value at each time point, 0 where nobody has it."""
    column = table[grade] if grade in table else pd.Series(dtype="float64")
    return column.reindex(list(TIMEPOINTS)).fillna(0)
