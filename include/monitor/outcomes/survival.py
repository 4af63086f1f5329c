"""The chart of a survival analysis, drawn as a paper's figures are; beside it the variant without immortal time."""

from collections.abc import Sequence

import pandas as pd

from include.monitor.outcomes.choice import Choice, Offered, rows_of
from include.study.figures.curves import Panel, draw_panels
from include.study.figures.kaplan_meier import HEADS
from include.study.figures.marts import Marts
from include.study.figures.page import Drawn
from include.study.figures.wording import REFERENCE, events, median, p_value, ratio
from include.warehouse import Warehouse

ORIGINS = {
    "os_diagnosis": "diagnosis",
    "duration_of_response": "response",
    "duration_of_confirmed_response": "confirmed response",
}
"""What an endpoint's months count from, where it is not the first procedure."""


def draw(warehouse: Warehouse, choice: Choice) -> Drawn:
    """The curves with bands, censoring marks and numbers at risk. Raises NothingToDraw with too few at risk."""
    offered = Offered(warehouse)
    beside = offered.without_bias(choice)
    label = offered.labels.get(choice.stratification, choice.stratification)
    if beside is None:
        return draw_panels(Marts(warehouse), [_panel(warehouse, choice, label)])
    unbiased = f"{offered.labels[beside.stratification]}{'' if beside.entry == choice.entry else ', delayed entry'}"
    titles = {choice: f"{label} (biased)", beside: unbiased}
    return draw_panels(Marts(warehouse), [_panel(warehouse, one, title) for one, title in titles.items()])


def _panel(warehouse: Warehouse, choice: Choice, title: str) -> Panel:
    curve, summary = (rows_of(warehouse, name, choice) for name in ("survival_curve", "survival_summary"))
    names: dict[str, str] = dict(zip(summary["stratum"], summary["stratum_label"], strict=True))
    return Panel(
        title=title,
        x=f"Months since {_origin(choice)}",
        y="Without event (%)",
        value="survival",
        curves={name: curve[curve["stratum"] == stratum] for stratum, name in names.items()},
        heads=HEADS if len(names) > 1 else HEADS[:3],
        estimates=_estimates(warehouse, choice, summary),
        test=_test(warehouse, choice),
    )


def _origin(choice: Choice) -> str:
    is_landmark = choice.stratification.endswith("_landmark")
    return "the landmark" if is_landmark else ORIGINS.get(choice.endpoint, "first procedure")


def _estimates(warehouse: Warehouse, choice: Choice, summary: pd.DataFrame) -> dict[str, list[str]]:
    hazards = rows_of(warehouse, "hazard_ratio", choice)
    effects = {row["stratum"]: ratio(row) for _, row in hazards.iterrows()}
    without = REFERENCE if effects else ""
    return {
        row["stratum_label"]: [events(row), median(row), effects.get(row["stratum"], without)]
        for _, row in summary.iterrows()
    }


def _test(warehouse: Warehouse, choice: Choice) -> str:
    tests: Sequence[float] = rows_of(warehouse, "survival_comparison", choice)["p_value"].tolist()
    told = p_value(tests[0]) if tests else ""
    return told and f"Log-rank {told}"
