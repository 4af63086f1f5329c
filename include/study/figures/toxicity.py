"""Laboratory toxicity: patients by grade at each time point, by the study's limits and by today's."""

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from include.definitions.described import read_yaml
from include.study.figures.keys import boxed
from include.study.figures.marts import Marts
from include.study.figures.page import DOUBLE, HEAD, LINE, Drawn, NothingToDraw, Page, letters
from include.study.figures.style import BLACK, GRADES, GREY, SMALL

ANALYTES = {"AST": "AST", "ALT": "ALT", "BILI": "Bilirubin"}
FILE = Path(__file__).with_name("toxicity.yml")
TIMEPOINTS = {"baseline": "Baseline", "day_1": "Day 1", "day_5": "Day 5", "month_2": "Month 2"}
LEFT, WIDTH, GAP, PLOT = 16.0, 48.0, 5.0, 34.0
BELOW = LINE * (len(GRADES) + 2) + 4.5
BAR = 0.62


def draw(marts: Marts) -> Drawn:
    """Three analytes by two editions of the criteria. Raises NothingToDraw without a grade."""
    titles: dict[str, str] = read_yaml(FILE)
    grades = marts.picked("toxicity", criteria=list(titles))
    if grades.empty:
        raise NothingToDraw("no result has a grade")
    high = HEAD + PLOT + BELOW
    page = Page(DOUBLE, 1.5 + high * len(titles))
    named = iter(letters(len(titles) * len(ANALYTES)))
    told = []
    for row, (criteria, edition) in enumerate(titles.items()):
        top = 1.5 + row * high
        for column, (analyte, name) in enumerate(ANALYTES.items()):
            of_both = grades[(grades["criteria"] == criteria) & (grades["analyte"] == analyte)]
            letter, left = next(named), LEFT + column * (WIDTH + GAP)
            page.head(left - (LEFT - 1.5 if column == 0 else 3), top, letter, f"{name}, {edition}")
            axes = page.axes(left, top + HEAD, WIDTH, PLOT)
            counts = _counts(of_both)
            _draw_bars(axes, counts, is_first=column == 0)
            _write_counts(page, axes, counts, top + HEAD + PLOT + 1.2, is_first=column == 0)
            told.append(f"{letter}, {name} by {edition}.")
    return Drawn(page.figure, told)


def _counts(grades: pd.DataFrame) -> pd.DataFrame:
    """Patients by grade and time point, 0 where there is nobody."""
    table = grades.pivot_table(index="grade", columns="timepoint", values="patients", aggfunc="sum")
    return table.reindex(index=range(len(GRADES)), columns=list(TIMEPOINTS)).fillna(0).astype(int)


def _draw_bars(axes: Axes, counts: pd.DataFrame, *, is_first: bool) -> None:
    """A stacked bar a time point; the numbers stand below, where the thinnest part can be read as well."""
    shares = 100 * counts / counts.sum().clip(lower=1)
    bottom = shares.cumsum() - shares
    for grade, colour in enumerate(GRADES):
        place = range(len(TIMEPOINTS))
        look: dict[str, Any] = {"color": colour, "edgecolor": BLACK, "linewidth": 0.4}
        axes.bar(place, shares.loc[grade], bottom=bottom.loc[grade], width=BAR, **look)
    axes.set(xlim=(-0.5, len(TIMEPOINTS) - 0.5), xticks=[], ylim=(0, 100), yticks=range(0, 101, 20))
    axes.tick_params(labelsize=SMALL, labelleft=is_first)
    axes.set_ylabel("Patients (%)" if is_first else "")


def _write_counts(page: Page, axes: Axes, counts: pd.DataFrame, top: float, *, is_first: bool) -> None:
    """Time points, and under each its patients by grade from the highest one, as the bar has them."""
    frame = axes.get_position()
    lines = [*(f"Grade {grade}" for grade in reversed(counts.index)), "Patients"]
    for line, text in enumerate(lines if is_first else [], 1):
        page.text(1.5, top + line * LINE, text)
        if text != "Patients":
            boxed(page, 11.5, top + line * LINE, "", {"facecolor": GRADES[len(GRADES) - line]})
    for place, (timepoint, name) in enumerate(TIMEPOINTS.items()):
        middle = (frame.x0 + frame.width * (place + 0.5) / len(TIMEPOINTS)) * page.width
        page.text(middle, top, name, ha="center", color=GREY)
        numbers = [*reversed(counts[timepoint].to_list()), counts[timepoint].sum()]
        for line, number in enumerate(numbers, 1):
            page.text(middle, top + line * LINE, str(number), ha="center")
