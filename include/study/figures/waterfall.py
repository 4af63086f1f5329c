"""Best change of the target lesions, a bar a patient."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from include.study.figures.keys import response_key
from include.study.figures.marts import Marts
from include.study.figures.page import DOUBLE, Drawn, NothingToDraw, Page
from include.study.figures.style import BLACK, GREY, HATCHES, NORMAL, RESPONSES, SMALL

LEFT, TOP, WIDTH, PLOT = 13.0, 3.0, 145.0, 58.0
MOST = 150
"""Bars that a page can hold."""
HEADROOM = 12
"""Percent above the highest bar."""
NEW_LESION = "*"
SIGNS = [(NEW_LESION, "New lesion at any exam"), ("NE", "Not evaluable")]


def draw(marts: Marts) -> Drawn:
    """Patients from the largest rise to the deepest fall, coloured by best response; those without a change behind.

    Raises NothingToDraw without a patient whose change is known, or with more than a page holds.
    """
    patients = marts.frame("best_change")
    known = 0 if patients.empty else int(patients["best_change_percent"].notna().sum())
    if not known:
        raise NothingToDraw("no patient has a measured change of target lesions")
    if len(patients) > MOST:
        raise NothingToDraw(f"{len(patients)} patients are more than the {MOST} bars that a page holds")
    page = Page(DOUBLE, TOP + PLOT + 16)
    axes = page.axes(LEFT, TOP, WIDTH, PLOT)
    _draw_bars(axes, patients)
    _draw_limits(axes, marts)
    measured = patients[patients["best_change_percent"].notna()]
    response_key(page, measured["best_response"], LEFT, TOP + PLOT + 9, SIGNS)
    lost = len(patients) - known
    counts = ", ".join(f"{name} {n}" for name, n in patients["best_response"].value_counts().sort_index().items())
    without = f"; {lost} without a measured change have their best response in letters" if lost else ""
    shown = f"{known} of {len(patients)} treated patients have a bar{without}."
    return Drawn(page.figure, [f"{shown} Best response: {counts}."])


def _draw_bars(axes: Axes, patients: pd.DataFrame) -> None:
    """A bar a patient; a change of 0 and one that is not known are written, as they have no height."""
    for place, (change, response, new_lesion) in enumerate(patients.itertuples(index=False), 1):
        if pd.isna(change):
            axes.text(
                place, 2, _unmeasured(response, new_lesion), fontsize=SMALL, ha="center", va="bottom", rotation=90
            )
            continue
        look: dict[str, Any] = {"color": RESPONSES[response], "hatch": HATCHES.get(response)}
        axes.bar(place, change, width=0.8, edgecolor=BLACK, linewidth=0.3, **look)
        if change == 0:
            axes.text(place, 1, "0", fontsize=SMALL, ha="center", va="bottom")
        if new_lesion:
            axes.text(place, max(change, 0) + (5 if change == 0 else 0), NEW_LESION, fontsize=NORMAL, ha="center")
    highest = float(patients["best_change_percent"].max())
    shown = [place for place in range(1, len(patients) + 1) if place == 1 or place % 5 == 0]
    top = int(max(highest, 20)) + HEADROOM
    axes.set(xlim=(0.2, len(patients) + 0.8), xticks=shown, ylim=(-100, top), yticks=range(-100, top + 1, 20))
    axes.set(ylabel="Best change of target lesions (%)", xlabel=f"Patient, by rank (n = {len(patients)})")
    axes.axhline(0, color=BLACK, linewidth=0.6)


def _unmeasured(response: str, new_lesion: bool) -> str:
    name = response.replace("NON_CR_NON_PD", "non-CR")
    return f"{name} {NEW_LESION}" if new_lesion else name


def _draw_limits(axes: Axes, marts: Marts) -> None:
    """The limits of mRECIST, named at the right edge."""
    for name, setting in (("PR", "partial_response_ratio"), ("PD", "progression_ratio")):
        limit = round(100 * (marts.setting(setting) - 1))
        axes.axhline(limit, color=GREY, linestyle=(0, (3, 2)), linewidth=0.7)
        text = f"{name} {limit:+d} %".replace("-", "−")
        axes.text(1.01, limit, text, fontsize=SMALL, va="center", transform=axes.get_yaxis_transform())
