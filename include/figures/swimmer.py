"""The course of each patient from the first procedure on, a lane a patient."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from include.figures.marts import Marts
from include.figures.style import BLACK, RESPONSES, VERMILION, new_figure

LANE_INCHES, MARGIN_INCHES = 0.12, 1.0
LEAST_INCHES = 2.5
START_MONTHS = -1
"""Where the lanes' axis begins, so that a mark at month 0 is not on its edge."""
MARKS = {"Response begins": "^", "Progression": "D", "Last session": "|", "Death": "X", "Alive at last contact": ">"}
COLOURS = {"Response begins": "white", "Progression": VERMILION}


def draw(marts: Marts) -> Figure | None:
    """Lanes from the longest follow-up at the top, coloured by best response; None without a patient."""
    patients = marts.frame("course")
    if patients.empty:
        return None
    figure = new_figure(7, max(LEAST_INCHES, MARGIN_INCHES + LANE_INCHES * len(patients)))
    axes = figure.subplots()
    lanes = pd.Series(range(len(patients)), index=patients.index)
    known = patients["best_response"].fillna("NE")
    axes.barh(lanes, patients["os_months"], height=0.7, color=[RESPONSES[name] for name in known], linewidth=0)
    _mark(axes, "Last session", patients["last_session_months"], lanes)
    _mark(axes, "Response begins", patients["response_months"], lanes)
    _mark(axes, "Progression", patients["pfs_months"].where(patients["pfs_event"]), lanes)
    _mark(axes, "Death", patients["os_months"].where(patients["os_event"]), lanes)
    _mark(axes, "Alive at last contact", patients["os_months"].where(~patients["os_event"].astype(bool)), lanes)
    axes.set(xlabel="Months since first procedure", ylabel=f"Patients (n = {len(patients)})", yticks=[])
    axes.set(xlim=(START_MONTHS, 1.03 * patients["os_months"].max()), ylim=(-0.8, len(patients) - 0.2))
    axes.legend(handles=_handles(set(known)), title="Best response (mRECIST)", title_fontsize=7, loc="lower right")
    return figure


def _mark(axes: Axes, name: str, months: pd.Series, lanes: pd.Series) -> None:
    """A mark on the lanes of the patients who have the event."""
    there = months.notna()
    axes.plot(months[there], lanes[there], linestyle="none", clip_on=False, **_look(name))


def _look(name: str) -> dict[str, Any]:
    return {
        "marker": MARKS[name],
        "markersize": 4.5,
        "markerfacecolor": COLOURS.get(name, BLACK),
        "markeredgecolor": BLACK,
        "markeredgewidth": 1.2 if MARKS[name] == "|" else 0.5,
    }


def _handles(responses: set[str]) -> list[Patch | Line2D]:
    names = {"NE": "Not evaluated", "NON_CR_NON_PD": "Non-CR/non-PD"}
    bars = [Patch(color=RESPONSES[name], label=names.get(name, name)) for name in RESPONSES if name in responses]
    marks = [Line2D([], [], linestyle="none", label=name, **_look(name)) for name in MARKS]
    return [*bars, *marks]
