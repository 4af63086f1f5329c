"""Kaplan-Meier curves, with events, medians, hazard ratios and the log-rank test."""

from pathlib import Path
from typing import Any

from include.definitions.described import read_yaml
from include.study.figures.curves import Panel, draw_panels
from include.study.figures.marts import Marts
from include.study.figures.page import Drawn
from include.study.figures.wording import REFERENCE, events, median, p_value, ratio

FILE = Path(__file__).with_name("panels.yml")
CURVE = ("endpoint", "rule", "entry", "stratification")
HEADS = ["", "Events/n", "Median, mo (95 % CI)", "HR (95 % CI)"]
Wanted = dict[str, Any]


def panels() -> dict[str, list[Wanted]]:
    """Figure name to its panels, as the file has them."""
    found: dict[str, list[Wanted]] = read_yaml(FILE)
    return found


def draw(marts: Marts, wanted: list[Wanted]) -> Drawn:
    """The panels side by side. Raises NothingToDraw where no curve has enough patients at risk."""
    return draw_panels(marts, [panel_of(marts, panel) for panel in wanted])


def panel_of(marts: Marts, wanted: Wanted) -> Panel:
    """A panel's curves and estimates, by the names of its groups."""
    key = {name: wanted[name] for name in CURVE}
    names: dict[str, str] = wanted["strata"]
    test = marts.one("comparison", **key)
    p = "" if test is None else p_value(test["p_value"])
    return Panel(
        title=wanted["title"],
        x=wanted["x"],
        y=wanted["y"],
        value="survival",
        curves={name: marts.picked("curve", **key, stratum=stratum) for stratum, name in names.items()},
        heads=HEADS if len(names) > 1 else HEADS[:3],
        estimates={name: _estimates(marts, key, stratum) for stratum, name in names.items()},
        test=p and f"Log-rank {p}",
    )


def _estimates(marts: Marts, key: dict[str, Any], stratum: str) -> list[str]:
    summary = marts.one("summary", **key, stratum=stratum)
    if summary is None:
        return ["0/0"]
    compared = marts.picked("hazard_ratio", model="one", **key)
    effect = marts.one("hazard_ratio", model="one", **key, stratum=stratum)
    hazard = "" if compared.empty else REFERENCE if effect is None else ratio(effect)
    return [events(summary), median(summary), hazard]
