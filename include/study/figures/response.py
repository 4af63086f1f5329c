"""Tumour response: how the treated patients are shared out, by assessment and criteria."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from include.study.figures.keys import response_key
from include.study.figures.marts import Marts
from include.study.figures.page import DOUBLE, HEAD, Drawn, NothingToDraw, Page, letters
from include.study.figures.said import said
from include.study.figures.style import BLACK, HATCHES, RESPONSES, SMALL
from include.study.figures.wording import DASH

ASSESSMENTS = {
    "first_cycle": "First cycle",
    "best": "Best",
    "best_confirmed": "Best, confirmed",
    "final": "Final",
}
CRITERIA = {"mrecist": "mRECIST", "recist_1_1": "RECIST 1.1"}
LEFT, WIDTH, BAR, AXIS, RATE = 24.0, 105.0, 7.5, 9.0, 132.0


def draw(marts: Marts) -> Drawn:
    """A panel a kind of criteria. Raises NothingToDraw without a treated patient."""
    rates = marts.frame("response")
    if rates.empty or not rates["denominator"].max():
        raise NothingToDraw("no treated patient's response is known")
    high = HEAD + 3 + BAR * len(ASSESSMENTS) + AXIS
    page = Page(DOUBLE, 1.5 + high * len(CRITERIA) + 5)
    told = []
    for place, ((criteria, title), letter) in enumerate(zip(CRITERIA.items(), letters(len(CRITERIA)), strict=True)):
        top = 1.5 + place * high
        page.head(1.5, top, letter, title)
        page.text(RATE, top + HEAD - 0.5, "CR or PR, n/N; % (95 % CI)")
        axes = page.axes(LEFT, top + HEAD + 2, WIDTH, BAR * len(ASSESSMENTS))
        rows = rates[rates["criteria"] == criteria]
        bars = [_draw_bar(page, axes, rows, row) for row in range(len(ASSESSMENTS))]
        axes.set(xlim=(0, 100), xlabel="Treated patients (%)", ylim=(len(ASSESSMENTS) - 0.5, -0.5))
        axes.set_yticks(range(len(ASSESSMENTS)), [said(name) for name in ASSESSMENTS.values()], fontsize=SMALL)
        axes.tick_params(labelsize=SMALL)
        axes.tick_params(axis="y", length=0)
        told.append(f"{letter}, {title}: {'; '.join(bars)}.")
    there = rates.loc[rates["patients"].fillna(0) > 0, "response"]
    response_key(page, list(there), LEFT, 1.5 + high * len(CRITERIA), [])
    return Drawn(page.figure, told)


def _draw_bar(page: Page, axes: Axes, rows: pd.DataFrame, row: int) -> str:
    """The parts of an assessment with their patients, and its rate at the right."""
    assessment = list(ASSESSMENTS)[row]
    of_one = rows[rows["assessment"] == assessment].set_index("response")
    told = of_one.dropna(subset=["patients", "percent"])
    left = 0.0
    for response, colour in RESPONSES.items():
        patients = int(told["patients"].get(response, 0))
        percent = float(told["percent"].get(response, 0.0))
        if not patients:
            continue
        look: dict[str, Any] = {"color": colour, "hatch": HATCHES.get(response), "edgecolor": BLACK, "linewidth": 0.4}
        axes.barh(row, percent, left=left, height=0.62, **look)
        around = {"facecolor": colour, "edgecolor": "none", "pad": 0.8} if response in HATCHES else None
        text = "white" if response == "CR" else BLACK
        axes.text(left + percent / 2, row, str(patients), ha="center", va="center", color=text, bbox=around)
        left += percent
    if "OR" not in told.index:
        is_withheld = "OR" in of_one.index and of_one["patients"].isna()["OR"]
        return f"{ASSESSMENTS[assessment]} {'withheld' if is_withheld else 'none'}"
    rate = told.loc["OR"]
    limits = f"({rate['ci_low']:.0f}{DASH}{rate['ci_high']:.0f})"
    written = f"{rate['patients']:.0f}/{rate['denominator']:.0f}; {rate['percent']:.0f} {limits}"
    frame = axes.get_position()
    middle = (1 - frame.y1 + frame.height * (row + 0.5) / len(ASSESSMENTS)) * page.height
    page.text(RATE, middle, written, va="center")
    return f"{ASSESSMENTS[assessment]} {written} %"
