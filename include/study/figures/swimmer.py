"""The course of each patient from the first procedure on, a lane a patient."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from include.study.figures.keys import marked, response_key
from include.study.figures.marts import Marts
from include.study.figures.page import DOUBLE, Drawn, NothingToDraw, Page
from include.study.figures.steps import ticks
from include.study.figures.style import BLACK, HATCHES, RESPONSES, SMALL

LEFT, TOP, RIGHT, FOOT = 19.0, 4.5, 4.0, 17.5
LANES_HIGH, LANE = 190.0, 3.0
"""The most that all lanes may take, and one takes, mm."""
MOST = 100
"""Lanes whose numbers can still be read."""
LOOKS: dict[str, dict[str, Any]] = {
    "Response begins": {"marker": "^", "markerfacecolor": "white"},
    "Progression": {"marker": "D", "markerfacecolor": BLACK, "markeredgecolor": "white", "markersize": 3.8},
    "New lesion": {"marker": "o", "markerfacecolor": "white", "markersize": 7},
    "Last session": {"marker": "s", "markerfacecolor": "white", "markersize": 2.8},
    "Death": {"marker": "X", "markerfacecolor": BLACK, "markeredgecolor": "white", "markersize": 5},
    "Alive at last contact": {"marker": ">", "markerfacecolor": BLACK, "clip_on": False},
}


def draw(marts: Marts) -> Drawn:
    """Lanes from the longest follow-up at the top, coloured by best response.

    Raises NothingToDraw without a patient, or with more than a page holds.
    """
    patients = marts.frame("course")
    if patients.empty:
        raise NothingToDraw("no treated patient has a known follow-up")
    if len(patients) > MOST:
        raise NothingToDraw(f"{len(patients)} patients are more than the {MOST} lanes that a page holds")
    patients = patients.assign(best_response=patients["best_response"].fillna("NE"))
    high = min(LANES_HIGH, LANE * (len(patients) + 1))
    page = Page(DOUBLE, TOP + high + FOOT)
    axes = page.axes(LEFT, TOP, DOUBLE - LEFT - RIGHT, high)
    _draw_lanes(axes, patients)
    page.text(1, TOP - 3.5, "Patient")
    page.text(LEFT - 9, TOP - 3.5, "Best")
    _write_key(page, patients, TOP + high + 9)
    died = int(patients["os_event"].sum())
    ends = f"{died} died, {len(patients) - died} alive at last contact"
    return Drawn(page.figure, [f"{len(patients)} treated patients by length of follow-up: {ends}."])


def _draw_lanes(axes: Axes, patients: pd.DataFrame) -> None:
    """A lane a patient: rank and best response at its left, marks on it, and how it ends."""
    count = len(patients)
    lanes = pd.Series(range(count, 0, -1), index=patients.index)
    for lane, months, response in zip(lanes, patients["os_months"], patients["best_response"], strict=True):
        look: dict[str, Any] = {"color": RESPONSES[response], "hatch": HATCHES.get(response)}
        axes.barh(lane, months, height=0.72, edgecolor=BLACK, linewidth=0.3, **look)
    died = patients["os_event"].eq(True)
    _mark(axes, "Last session", patients["last_session_months"], lanes)
    _mark(axes, "Response begins", patients["response_months"], lanes)
    _mark(axes, "New lesion", patients["new_lesion_months"], lanes)
    _mark(axes, "Progression", patients["pfs_months"].where(patients["pfs_event"].eq(True)), lanes)
    _mark(axes, "Death", patients["os_months"].where(died), lanes)
    _mark(axes, "Alive at last contact", patients["os_months"].where(~died), lanes)
    best = patients["best_response"].replace("NON_CR_NON_PD", "non-CR")
    shown = ticks(float(patients["os_months"].max()) + 1)
    axes.set(xlabel=f"Months since first procedure (n = {count})", xlim=(0, shown[-1]), xticks=shown)
    axes.set(ylim=(count + 0.7, 0.3), yticks=lanes)
    axes.set_yticklabels([f"{lane}   {name}" for lane, name in zip(lanes, best, strict=True)], fontsize=SMALL)
    axes.tick_params(axis="y", length=0, pad=5)


def _mark(axes: Axes, name: str, months: pd.Series, lanes: pd.Series) -> None:
    """A mark on the lanes of the patients who have the event."""
    there = months.notna()
    axes.plot(months[there], lanes[there], linestyle="none", **{"clip_on": False, **_look(name)})


def _look(name: str) -> dict[str, Any]:
    return {"markersize": 4, "markeredgecolor": BLACK, "markeredgewidth": 0.5, **LOOKS[name]}


def _write_key(page: Page, patients: pd.DataFrame, top: float) -> None:
    page.text(1, top, "Best response")
    response_key(page, patients["best_response"], LEFT, top, [])
    left = LEFT
    for name in LOOKS:
        left = marked(page, left, top + 4, name, {key: value for key, value in _look(name).items() if key != "clip_on"})
