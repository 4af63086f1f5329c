"""Best change of the target lesions, a bar a patient."""

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from include.figures.marts import Marts
from include.figures.style import BLACK, GREY, RESPONSES, new_figure

PARTIAL_RESPONSE, PROGRESSION = -30, 20
"""Percent: the limits of mRECIST."""
HEADROOM = 10
"""Percent above the highest bar."""


def draw(marts: Marts) -> Figure | None:
    """Patients from the largest rise to the deepest fall, coloured by best response; None without a patient."""
    patients = marts.frame("best_change")
    if patients.empty:
        return None
    figure = new_figure(7, 3.4)
    axes = figure.subplots()
    change = patients["best_change_percent"]
    colours = [RESPONSES[response] for response in patients["best_response"]]
    axes.bar(range(len(change)), change, width=0.85, color=colours, edgecolor=BLACK, linewidth=0.3)
    axes.axhline(0, color=BLACK, linewidth=0.8)
    for limit in (PARTIAL_RESPONSE, PROGRESSION):
        axes.axhline(limit, color=GREY, linestyle="--", linewidth=0.8, zorder=0)
    axes.set(
        xlim=(-0.8, len(change) - 0.2),
        ylim=(-103, max(HEADROOM + change.max(), PROGRESSION + HEADROOM)),
        xticks=[],
        ylabel="Best change of target lesions (%)",
        xlabel=f"Patients with a measured response (n = {len(change)})",
    )
    axes.spines["bottom"].set_visible(False)
    shown = [response for response in RESPONSES if (patients["best_response"] == response).any()]
    handles = [Patch(facecolor=RESPONSES[name], edgecolor=BLACK, linewidth=0.3, label=name) for name in shown]
    axes.legend(handles=handles, title="Best response (mRECIST)", title_fontsize=7, loc="upper right", ncols=len(shown))
    return figure
