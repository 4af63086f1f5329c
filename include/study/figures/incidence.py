"""Cumulative incidence where something else can come first, with Gray's test."""

from pathlib import Path
from typing import Any

from include.definitions.described import read_yaml
from include.study.figures.curves import Panel, draw_panels
from include.study.figures.marts import Marts
from include.study.figures.page import Drawn
from include.study.figures.wording import p_value, percent

FILE = Path(__file__).with_name("incidence.yml")
RISK = ("endpoint", "criteria", "stratification")
MONTHS = (12, 24, 36)
Wanted = dict[str, Any]


def panels() -> dict[str, list[Wanted]]:
    """Figure name to its panels, as the file has them."""
    found: dict[str, list[Wanted]] = read_yaml(FILE)
    return found


def draw(marts: Marts, wanted: list[Wanted]) -> Drawn:
    """The panels side by side. Raises NothingToDraw where no curve has enough patients at risk."""
    return draw_panels(marts, [panel_of(marts, panel) for panel in wanted])


def panel_of(marts: Marts, wanted: Wanted) -> Panel:
    """A panel's curves and estimates; a cause that has happened to nobody is left out."""
    key = {name: wanted[name] for name in RISK}
    found = {
        name: marts.picked("incidence_curve", **key, stratum=stratum, cause=cause)
        for name, (stratum, cause) in wanted["curves"].items()
    }
    curves = {name: steps for name, steps in found.items() if len(steps)}
    causes = {cause for _, cause in wanted["curves"].values()}
    test = marts.one("incidence_comparison", **key, cause=causes.pop()) if len(causes) == 1 else None
    p = "" if test is None else p_value(test["p_value"])
    return Panel(
        title=wanted["title"],
        x=wanted["x"],
        y=wanted["y"],
        value="cif",
        curves=curves,
        heads=["% (95 % CI) at", *(f"{months} mo" for months in MONTHS)],
        columns=(0.0, 24.0, 45.0, 66.0),
        estimates={name: _estimates(marts, key, *wanted["curves"][name]) for name in curves},
        test=p and f"Gray's test {p}",
        at_risk={wanted["at_risk"]: next(iter(curves.values()))} if "at_risk" in wanted and curves else {},
    )


def _estimates(marts: Marts, key: dict[str, Any], stratum: str, cause: str) -> list[str]:
    points = {"stratum": stratum, "cause": cause}
    return [percent(marts.one("incidence", **key, **points, months=months), "cif") for months in MONTHS]
