"""Shift of laboratory toxicity: patients by grade at baseline and worst grade after it, a panel an analyte and term."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from include.definitions.described import read_yaml
from include.study.figures.marts import Marts
from include.study.figures.page import DOUBLE, HEAD, Drawn, NothingToDraw, Page, letters
from include.study.figures.style import BLACK, GRADES, LIGHT_GREY, SMALL

Counts = NDArray[np.int64]
FILE = Path(__file__).with_name("shift.yml")
COLUMNS, LEFT, SIDE, GAP, AXIS = 4, 12.0, 31.0, 11.5, 9.0
UNKNOWN = len(GRADES)
"""The row of patients whose grade at baseline cannot be told."""
SHARES = (0.0, 0.1, 0.25, 0.5)
"""From which share of an analyte's patients on a cell has the next darker colour."""


def draw(marts: Marts) -> Drawn:
    """Panels of counts, in a grid. Raises NothingToDraw without a worst grade."""
    wanted = read_yaml(FILE)
    of_all = marts.picked("shift", criteria=wanted["criteria"], period=wanted["period"])
    shown = {} if of_all.empty else panels_of(of_all, wanted["analytes"])
    if not shown:
        raise NothingToDraw("no patient has a grade after the baseline")
    high = HEAD + SIDE + AXIS
    page = Page(DOUBLE, 1.5 + high * math.ceil(len(shown) / COLUMNS))
    told = []
    for place, ((name, rows), letter) in enumerate(zip(shown.items(), letters(len(shown)), strict=True)):
        left, top = LEFT + place % COLUMNS * (SIDE + GAP), 1.5 + place // COLUMNS * high
        counts = counts_of(rows)
        page.head(left - LEFT + 1.5, top, letter, f"{name} (n = {counts.sum()})")
        _draw_cells(page.axes(left, top + HEAD, SIDE, SIDE), counts, is_first=place % COLUMNS == 0)
        worse = int(np.triu(counts[:UNKNOWN], 1).sum())
        least = int(rows.loc[rows["at_least"], "patients"].sum())
        floor = f"; of {least} the grade is the least it can be" if least else ""
        told.append(f"{letter + ', ' if letter else ''}{name}: {worse} of {counts.sum()} patients worsened{floor}.")
    return Drawn(page.figure, [f"Graded by {of_all['criteria_label'].iloc[0]}.", *told])


def panels_of(rows: pd.DataFrame, analytes: dict[str, str]) -> dict[str, pd.DataFrame]:
    """The rows of each panel by its name; an analyte of two terms has a panel for each, with all its patients."""
    panels: dict[str, pd.DataFrame] = {}
    for analyte, name in analytes.items():
        terms = list(rows.loc[rows["analyte"] == analyte].groupby("term"))
        panels |= {name if len(terms) == 1 else f"{name}, {term}": of_term for term, of_term in terms}
    return panels


def counts_of(rows: pd.DataFrame) -> Counts:
    """Patients: a row a grade at baseline and one for an unknown one, a column a worst grade."""
    counts = np.zeros((UNKNOWN + 1, len(GRADES)), dtype=np.int64)
    before = rows["baseline_grade"].fillna(UNKNOWN).astype(int)
    np.add.at(counts, (before, rows["worst_grade"].astype(int)), rows["patients"].astype(int))
    return counts


def _draw_cells(axes: Axes, counts: Counts, *, is_first: bool) -> None:
    """A square a pair of grades, the darker the more patients; thick where the grade stayed."""
    for (before, worst), patients in np.ndenumerate(counts):
        depth = sum(patients > share * counts.sum() for share in SHARES)
        colour = GRADES[depth] if patients else "white"
        corner = (worst - 0.5, before - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=colour, edgecolor=LIGHT_GREY, linewidth=0.4))
        if patients:
            ink = "white" if depth > 2 else BLACK
            axes.text(worst, before, str(patients), ha="center", va="center", fontsize=SMALL, color=ink)
    for grade in range(len(GRADES)):
        axes.add_patch(
            Rectangle((grade - 0.5, grade - 0.5), 1, 1, fill=False, edgecolor=BLACK, linewidth=0.9, clip_on=False)
        )
    axes.set(xlim=(-0.5, len(GRADES) - 0.5), ylim=(UNKNOWN + 0.5, -0.5), xlabel="Worst grade")
    axes.set(xticks=range(len(GRADES)), yticks=range(UNKNOWN + 1), ylabel="Grade at baseline" if is_first else "")
    axes.set_yticklabels([*map(str, range(UNKNOWN)), "?"])
    axes.tick_params(length=0, labelsize=SMALL)
    axes.spines[:].set_visible(False)
